"""PROVENANCE.json: what the committed files are, how they came about, and how to tell that they are unchanged."""

import hashlib
import json
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

import autoencoder
import export
from attacks import ATTACKS
from data import DATASET, Splits
from models import ARCHITECTURES, RECIPES, SERVED
from paths import DATA, GOLDEN, MODELS, PROVENANCE, ROOT, SCRATCH, SEED

PACKAGES = ("torch", "adversarial-robustness-toolbox", "numpy", "scipy", "onnx", "onnxruntime")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def made_files() -> list[Path]:
    return sorted(path for folder in (MODELS, DATA, GOLDEN) for path in folder.rglob("*") if path.is_file())


def accuracies(parts: Splits) -> dict:
    result = {}
    for name in ARCHITECTURES:
        held = {"calibration": parts.calibration, "test": parts.test, "sources": parts.sources}
        right = {part: export.logits(name, pictures.unit).argmax(1) == pictures.y for part, pictures in held.items()}
        result[name] = {part: round(float(hits.mean()), 4) for part, hits in right.items()}
        result[name]["all 10,000"] = round(float(np.concatenate(list(right.values())).mean()), 4)
    return result


def write_provenance(parts: Splits) -> None:
    package = subprocess.run(
        ["dpkg-query", "-W", "-f=${Version}", "dataset-fashion-mnist"], capture_output=True, text=True, check=True
    ).stdout
    # An attack that was not run again keeps what was recorded of it.
    attacks = json.loads(PROVENANCE.read_text())["attacks"] if PROVENANCE.exists() else {}
    for name, attack in ATTACKS.items():
        report = SCRATCH / f"attack-{name}.json"
        if report.exists():
            attacks[name] = json.loads(report.read_text())
        if name in attacks:
            pixels = "garment" if attack.garment else "all"
            attacks[name] |= {"by": "masked.py" if attack.own else "art", "pixels": pixels}
    record = {
        "seed": SEED,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "dataset": {
            "package": "dataset-fashion-mnist",
            "version": package,
            "licence": "MIT (Expat), © 2017 Zalando SE",
            "sha256": {path.name: digest(path) for path in sorted(DATASET.glob("*.gz"))},
        },
        "served": SERVED,
        "recipes": {name: asdict(recipe) for name, recipe in RECIPES.items()},
        "accuracy": accuracies(parts),
        "autoencoder": {
            "epochs": autoencoder.EPOCHS,
            "peak_rate": autoencoder.PEAK_RATE,
            "noise": autoencoder.NOISE,
            "squared_error_on_test": autoencoder.reconstruction_error(parts.test),
        },
        "attacks": attacks,
        "sha256": {str(path.relative_to(ROOT)): digest(path) for path in made_files()},
    }
    PROVENANCE.write_text(compact(record) + "\n")


def compact(value: object, indent: int = 0) -> str:
    """JSON with an object's members on lines of their own, but a list of numbers on one."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    inner = " " * (indent + 2)
    members = [f"{inner}{json.dumps(key)}: {compact(item, indent + 2)}" for key, item in value.items()]
    return "{\n" + ",\n".join(members) + "\n" + " " * indent + "}"
