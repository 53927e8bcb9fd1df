#!/usr/bin/env python3
"""Makes the benchmark's cache: models, clean sets, adversarial sets, configuration.

make.py --cache DIR --data TAR                  everything, in order
make.py --cache DIR --data TAR models           the published weights as ONNX
make.py --cache DIR --data TAR clean            the two clean sets
make.py --cache DIR --data TAR attacks [NAME…]  the adversarial sets, against the served model
make.py --cache DIR --data TAR configuration    picket.yaml
make.py --cache DIR --data TAR check            accuracies, and how far the files are from the networks
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import torch

from budgets import ATTACKS
from common import Exported, Pictures, export, make_sets, options, rightly_classified
from networks import MEMBERS, SERVED, SIDE, Prepared
from padding import into_convolutions
from photographs import splits

STAGES = ("models", "clean", "attacks", "configuration", "check")
NAMES = (SERVED, *MEMBERS)
# Sources of each attack, and how many are attacked at once.
ROWS, CHUNK = 100, 20


def stored(cache: Path, name: str) -> Exported:
    return Exported(cache / "models" / f"{name}.onnx", torch.get_num_threads(), batch=25)


def check(every: dict[str, Pictures], cache: Path) -> None:
    for name in NAMES:
        run, network = stored(cache, name), Prepared(name).eval()
        some = every["test"].unit[:8]
        with torch.no_grad():
            apart = np.abs(network(torch.from_numpy(some)).numpy() - run(some)).max()
        rates = {part: float((run(p.unit).argmax(1) == p.y).mean()) for part, p in every.items()}
        print(f"{name}: top-1 {rates}, largest logit difference to torch {apart:.1e}")


def attack(sources: Pictures, cache: Path, names: list[str]) -> None:
    classify, network = stored(cache, SERVED), Prepared(SERVED).eval()
    chosen = rightly_classified(sources, classify, ROWS)
    make_sets(ATTACKS, names, network, chosen, classify, cache / "adversarial", CHUNK, floats=False)


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, required=True, help="tar or folder of NNNN_class.jpg photographs, 256×256")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("stage", nargs="?", choices=STAGES)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    calibration, test, sources = splits(given.data)
    cache = given.cache
    for stage in [given.stage] if given.stage else STAGES:
        if stage == "models":
            for name in NAMES:
                path = cache / "models" / f"{name}.onnx"
                export(Prepared(name).eval(), path, SIDE)
                into_convolutions(path)
        elif stage == "clean":
            cache.mkdir(parents=True, exist_ok=True)
            for name, part in (("clean-calibration", calibration), ("clean-test", test)):
                np.savez_compressed(cache / f"{name}.npz", x=part.x, y=part.y)
        elif stage == "attacks":
            attack(sources, cache, given.names)
        elif stage == "configuration":
            shutil.copy(Path(__file__).with_name("picket.yaml"), cache)
        else:
            check({"calibration": calibration, "test": test, "sources": sources}, cache)
    return 0


if __name__ == "__main__":
    sys.exit(main())
