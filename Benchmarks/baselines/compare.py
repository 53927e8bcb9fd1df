#!/usr/bin/env python3
"""What other detectors reach on the example's files: scores, then a table.

    compare.py NAME…                  scores of these detectors, into .build/scores
    compare.py table [PICKET.json…]   the table over all scores there are, and over `picket evaluate --json`'s answers

A detector's threshold is the quantile of its scores on the clean test set itself, which favours it: no overshooting.
"""

import importlib
import json
import sys
import time
from pathlib import Path

import numpy as np

from pictures import SCORES, read

# Each in a module of its own, as they need other packages (README.md).
DETECTORS = {
    "squeezing-mnist": ("published", "squeezing_mnist", "feature squeezing, MNIST's published squeezers"),
    "squeezing-colour": ("published", "squeezing_colour", "feature squeezing, the colour set (4 bit, median 2, NLM)"),
    "ensemble": ("published", "ensemble", "ensemble of three, Jensen–Shannon"),
    "art-binary-input": ("toolbox", "binary_input", "toolbox: BinaryInputDetector"),
    "art-binary-activation": ("toolbox", "binary_activation", "toolbox: BinaryActivationDetector"),
    "art-subset-scanning": ("toolbox", "subset_scanning", "toolbox: SubsetScanningDetector"),
    "alibi-autoencoder": ("alibi", "adversarial_autoencoder", "alibi-detect: AdversarialAE"),
    "alibi-distillation": ("alibi", "distillation", "alibi-detect: ModelDistillation"),
}
RATES = (0.05, 0.01)
GARMENT = "garment-"


def detection(scores: dict[str, np.ndarray], rate: float) -> dict[str, float]:
    """The share of each set beyond the threshold that flags at most `rate` of the clean test rows."""
    clean = np.sort(scores["clean"])
    threshold = clean[-(int(rate * len(clean)) + 1)]
    return {name: float((values > threshold).mean()) for name, values in scores.items() if name != "clean"}


def from_picket(path: Path) -> tuple[str, float, dict[str, float]]:
    told = json.loads(path.read_text())
    sets = {Path(s["file"]).name.removesuffix("-8bit.npz"): s["detection_rate"] for s in told["sets"]}
    return f"{path.stem}, {told['clean']['fpr']:.3f} of clean flagged", told["false_positive_rate"], sets


def summary(rates: dict[str, float]) -> str:
    return f"{np.mean(list(rates.values())):.2f} ({min(rates.values()):.2f})" if rates else "–"


def rows(answers: list[Path]) -> list[tuple[str, dict[float, dict[str, float]]]]:
    found = []
    for name, (_, _, title) in DETECTORS.items():
        if (SCORES / f"{name}.npz").exists():
            scores = dict(np.load(SCORES / f"{name}.npz"))
            found.append((title, {rate: detection(scores, rate) for rate in RATES}))
    for path in answers:
        title, rate, sets = from_picket(path)
        found.append((title, {rate: sets}))
    return found


def table(answers: list[Path]) -> None:
    measured = rows(answers)
    print("| mean (worst set) | 5 % FPR | 1 % FPR | garment only, 5 % | garment only, 1 % |\n|---|---|---|---|---|")
    for title, rates in measured:
        whole, garment = (
            [summary({k: v for k, v in rates.get(rate, {}).items() if k.startswith(GARMENT) == held}) for rate in RATES]
            for held in (False, True)
        )
        print(f"| {title} | {' | '.join(whole + garment)} |")
    names = sorted({name for _, rates in measured for sets in rates.values() for name in sets})
    print(f"\n| set, 5 % · 1 % | {' | '.join(title for title, _ in measured)} |\n|---|{'---|' * len(measured)}")
    for name in sorted(names, key=lambda name: (name.startswith(GARMENT), name)):
        cells = [" · ".join(f"{rates.get(rate, {}).get(name, np.nan):.2f}" for rate in RATES) for _, rates in measured]
        print(f"| {name} | {' | '.join(cells)} |".replace("nan", "–"))


def main(arguments: list[str]) -> int:
    if not arguments or "--help" in arguments:
        print(__doc__)
        print("Detectors:", ", ".join(DETECTORS))
        return 0 if arguments else 64
    if arguments[0] == "table":
        table([Path(argument) for argument in arguments[1:]])
        return 0
    if unknown := set(arguments) - set(DETECTORS):
        print(f"no such detector: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 64
    files = read()
    SCORES.mkdir(parents=True, exist_ok=True)
    for name in arguments:
        module, function, _ = DETECTORS[name]
        started = time.time()
        scores = getattr(importlib.import_module(module), function)(files)
        np.savez(SCORES / f"{name}.npz", **scores)
        print(f"{name}: {len(scores) - 1} sets, {time.time() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
