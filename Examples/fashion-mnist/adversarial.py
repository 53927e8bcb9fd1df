"""From an attack to its two sets: successful rows as float, and rows still successful once rounded to 8 bits."""

import json
import time
from pathlib import Path

import numpy as np

import export
from attacks import Attack, attacked, classifier
from data import Pictures, to_unit
from models import SERVED
from paths import ADVERSARIAL, GARMENT, SCRATCH, derived_seed

KINDS = ("float", "8bit")
# A row counts only where its logits differ by more than another implementation's rounding could.
MARGIN = 1e-4


def margin(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Best wrong logit minus the right one: positive where misclassified."""
    right = logits[np.arange(len(y)), y]
    rivals = logits.copy()
    rivals[np.arange(len(y)), y] = -np.inf
    return rivals.max(1) - right


def rounded(x: np.ndarray, x0: np.ndarray, budget: float | None) -> np.ndarray:
    """Nearest grey levels, but never further from the clean picture than the attack was allowed to go."""
    levels = np.rint(x * 255).astype(np.int64)
    if budget is not None:
        reach = int(np.floor(budget * 255 + 1e-9))
        clean = x0.astype(np.int64)
        levels = np.clip(levels, clean - reach, clean + reach)
    return np.clip(levels, 0, 255).astype(np.uint8)


def rightly_classified(pictures: Pictures) -> Pictures:
    logits = export.logits(SERVED, pictures.unit)
    return pictures.take(np.flatnonzero(margin(logits, pictures.y) < -MARGIN))


def make_sets(attack: Attack, sources: Pictures) -> None:
    """Attacks sources in their fixed order, chunk by chunk, until both sets are full or no source is left."""
    pool, target, started = rightly_classified(sources), classifier(), time.time()
    kept: dict[str, list[tuple[np.ndarray, Pictures]]] = {kind: [] for kind in KINDS}
    counts = dict.fromkeys(KINDS, 0)
    tried = 0
    while tried < len(pool.y) and any(counts[kind] < attack.wanted(kind) for kind in KINDS):
        clean = pool.take(np.arange(tried, min(tried + attack.chunk, len(pool.y))))
        x, grid = attacked(attack, target, clean.unit, clean.y, derived_seed(f"attack/{attack.name}/{tried}"))
        grid = rounded(x, clean.x, attack.linf_budget) if grid is None else grid
        for kind, rows, served in (("float", x, x), ("8bit", grid, to_unit(grid))):
            won = np.flatnonzero(margin(export.logits(SERVED, served), clean.y) > MARGIN)
            counts[kind] += len(won)
            kept[kind].append((rows[won], clean.take(won)))
        tried += len(clean.y)
        print(f"{attack.name}: {tried} sources, {counts}, {time.time() - started:.0f} s", flush=True)
    report = {"parameters": attack.parameters, "sources": tried, "seconds": round(time.time() - started)}
    for kind, chunks in kept.items():
        report[kind] = write_set(attack, kind, chunks, counts[kind])
    SCRATCH.mkdir(exist_ok=True)
    (SCRATCH / f"attack-{attack.name}.json").write_text(json.dumps(report))


def stored_set(attack: Attack, kind: str) -> Path:
    return (GARMENT if attack.garment else ADVERSARIAL) / f"{attack.name}-{kind}.npz"


def write_set(attack: Attack, kind: str, chunks: list[tuple[np.ndarray, Pictures]], successful: int) -> dict:
    wanted = attack.wanted(kind)
    x = np.concatenate([rows for rows, _ in chunks])[:wanted]
    x0 = np.concatenate([clean.x for _, clean in chunks])[:wanted]
    y = np.concatenate([clean.y for _, clean in chunks])[:wanted]
    index = np.concatenate([clean.index for _, clean in chunks])[:wanted]
    if len(y) < wanted:
        print(f"{attack.name}-{kind}: only {len(y)} successful rows", flush=True)
    path = stored_set(attack, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    clean = x0 if x.dtype == np.uint8 else to_unit(x0)
    np.savez_compressed(path, x=x, y=y, x0=clean)
    change = to_unit(x) - to_unit(x0) if x.dtype == np.uint8 else x - clean
    return {
        "successful": successful,
        "rows": len(y),
        "mean_l2": round(float(np.sqrt((change**2).sum((1, 2, 3))).mean()), 4),
        "mean_linf": round(float(np.abs(change).max((1, 2, 3)).mean()), 4),
        "source_rows": index.tolist(),
    }
