"""Checks the committed files against PROVENANCE.json and against what they claim."""

import json

import numpy as np

import export
from adversarial import KINDS, MARGIN, margin, stored_set
from attacks import ATTACKS, Attack
from autoencoder import reconstruction_error
from data import splits, to_unit
from models import ARCHITECTURES, SERVED
from paths import DATA, GOLDEN, PROVENANCE, ROOT, SPLITS
from provenance import accuracies, digest, made_files

LARGEST = 22_000_000
# Of the rows asked for.
FEWEST = 2 / 3


def verify() -> list[str]:
    """Every claim that does not hold, in words."""
    record = json.loads(PROVENANCE.read_text())
    found = {str(path.relative_to(ROOT)): digest(path) for path in made_files()}
    told = record["sha256"]
    faults = [f"{path}: not as recorded" for path in found.keys() | told.keys() if found.get(path) != told.get(path)]
    if sum(path.stat().st_size for path in made_files()) > LARGEST:
        faults.append(f"more than {LARGEST} bytes in all")
    parts = splits()
    if accuracies(parts) != record["accuracy"]:
        faults.append("accuracies differ from those recorded")
    if reconstruction_error(parts.test) != record["autoencoder"]["squared_error_on_test"]:
        faults.append("the autoencoder draws otherwise than recorded")
    named = json.loads(SPLITS.read_text())
    for name in ("reserve", "calibration", "test", "sources"):
        if named[name]["rows"] != getattr(parts, name).index.tolist():
            faults.append(f"splits.json: other rows for {name}")
    for name, pictures in (("clean-calibration", parts.calibration), ("clean-test", parts.test)):
        stored = np.load(DATA / f"{name}.npz")
        if not (np.array_equal(stored["x"], pictures.x) and np.array_equal(stored["y"], pictures.y)):
            faults.append(f"{name}: not the rows of its part")
    allowed = {image.tobytes() for image in parts.sources.x}
    for attack in ATTACKS.values():
        for kind in KINDS:
            faults += [f"{attack.name}-{kind}: {fault}" for fault in set_faults(attack, kind, allowed)]
    for name in ARCHITECTURES:
        stored = np.load(GOLDEN / f"{name}.npz")
        if np.abs(export.logits(name, stored["x"]) - stored["logits"]).max() > 1e-4:
            faults.append(f"golden {name}: onnxruntime answers otherwise")
    return faults


def set_faults(attack: Attack, kind: str, allowed: set[bytes]) -> list[str]:
    if not stored_set(attack, kind).exists():
        return ["missing"]
    stored = np.load(stored_set(attack, kind))
    x, y, x0 = stored["x"], stored["y"], stored["x0"]
    faults = []
    if x.dtype != (np.float32 if kind == "float" else np.uint8) or x0.dtype != x.dtype or y.dtype != np.int64:
        faults.append("element types")
    levels = x0 if kind == "8bit" else np.rint(x0 * 255).astype(np.uint8)
    if any(image.tobytes() not in allowed for image in levels):
        faults.append("a clean row from outside the attack sources")
    unit, clean = (to_unit(x), to_unit(x0)) if kind == "8bit" else (x, x0)
    if len(y) < FEWEST * attack.wanted(kind):
        faults.append(f"only {len(y)} rows")
    if unit.min() < 0 or unit.max() > 1:
        faults.append("values outside [0,1]")
    change = (unit - clean).reshape(len(y), -1)
    if attack.budget is not None and np.linalg.norm(change, attack.norm, axis=1).max() > attack.budget + 1e-6:
        faults.append("beyond the attack's budget")
    if attack.garment and change[clean.reshape(len(y), -1) == 0].any():
        faults.append("a change off the garment")
    # Half the margin that rows were chosen by: rounding differs between processors.
    if (margin(export.logits(SERVED, unit), y) < MARGIN / 2).any():
        faults.append("a row that does not succeed")
    if (margin(export.logits(SERVED, clean), y) > -MARGIN / 2).any():
        faults.append("a clean row that is misclassified")
    return faults
