"""From an attack to its two sets, as float and rounded to 8 bits; all attacked rows, successful or not.

Every attack takes the same sources in the same order, so that a union over attacks can be formed by row. Which rows are
successful is the evaluation's to count.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from attacks import Attack
from paths import derived_seed
from pictures import Pictures, to_unit

# How far the change of an unbounded attack may be drawn out so that it survives rounding.
STRETCHES = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
Classifier = Callable[[np.ndarray], np.ndarray]


def rounded(x: np.ndarray, x0: np.ndarray, budget: float | None) -> np.ndarray:
    """Nearest grey levels, but never further from the clean picture than the attack was allowed to go."""
    levels = np.rint(x * 255).astype(np.int64)
    if budget is not None:
        reach = int(np.floor(budget * 255 + 1e-6))
        levels = np.clip(levels, x0.astype(np.int64) - reach, x0.astype(np.int64) + reach)
    return np.clip(levels, 0, 255).astype(np.uint8)


def stretched(x: np.ndarray, clean: Pictures, classify: Classifier) -> tuple[np.ndarray, int]:
    """Minimal changes often round away. As an attacker would, draws each row's change out until its rounded picture is
    misclassified. The second number: rows for which plain rounding did."""
    grid, survivors, x0 = rounded(x, clean.x, None), 0, clean.unit
    left = np.flatnonzero(classify(to_unit(grid)).argmax(1) == clean.y)
    survivors = len(clean.y) - len(left)
    for stretch in STRETCHES[1:]:
        if not len(left):
            break
        longer = np.clip(x0[left] + stretch * (x[left] - x0[left]), 0, 1)
        tried = rounded(longer, clean.x[left], None)
        won = classify(to_unit(tried)).argmax(1) != clean.y[left]
        grid[left[won]] = tried[won]
        left = left[~won]
    return grid, survivors


def rightly_classified(pictures: Pictures, classify: Classifier, rows: int) -> Pictures:
    return pictures.take(np.flatnonzero(classify(pictures.unit).argmax(1) == pictures.y)[:rows])


def make_set(
    attack: Attack, model: nn.Module, sources: Pictures, classify: Classifier, folder: Path, chunk: int, floats: bool
) -> None:
    clean = sources.take(np.arange(min(attack.rows or len(sources.y), len(sources.y))))
    started, parts = time.process_time(), []
    for first in range(0, len(clean.y), chunk):
        rows = clean.take(np.arange(first, min(first + chunk, len(clean.y))))
        # The same seed gives the same draws whatever ran before.
        seed = derived_seed(f"attack/{attack.name}/{first}")
        np.random.seed(seed)
        torch.manual_seed(seed)
        parts.append(attack(model, torch.from_numpy(rows.unit), torch.from_numpy(rows.y)).numpy())
    x = np.concatenate(parts).astype(np.float32)
    seconds = time.process_time() - started
    if attack.minimal:
        grid, plain = stretched(x, clean, classify)
    else:
        grid, plain = rounded(x, clean.x, attack.budget), None
    report = {"rows": len(clean.y), "cpu_seconds": round(seconds), "parameters": attack.parameters}
    report["float"] = described(x, clean, classify)
    report["8bit"] = described(to_unit(grid), clean, classify)
    if plain is not None:
        report["8bit"]["successful_without_stretch"] = plain
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{attack.name}-8bit.npz", x=grid, y=clean.y, x0=clean.x)
    if floats:
        np.savez_compressed(folder / f"{attack.name}-float.npz", x=x, y=clean.y, x0=clean.unit)
    (folder / f"{attack.name}.json").write_text(json.dumps(report) + "\n")
    print(attack.name, json.dumps(report), flush=True)


def described(x: np.ndarray, clean: Pictures, classify: Classifier) -> dict:
    change = x - clean.unit
    return {
        "successful": int((classify(x).argmax(1) != clean.y).sum()),
        "mean_l2": round(float(np.sqrt((change**2).sum((1, 2, 3))).mean()), 4),
        "mean_linf": round(float(np.abs(change).max((1, 2, 3)).mean()), 4),
    }


def make_sets(
    attacks: Sequence[Attack], names: Sequence[str], model: nn.Module, sources: Pictures, classify: Classifier,
    folder: Path, chunk: int = 100, floats: bool = True,
) -> None:  # fmt: skip
    for attack in attacks:
        if not names or attack.name in names:
            make_set(attack, model, sources, classify, folder, chunk, floats)
