#!/usr/bin/env python3
"""Makes the benchmark's cache: models, clean sets, adversarial sets, configuration.

make.py --cache DIR --data TAR           everything, in order
make.py --cache DIR models [NAME…]       train and export
make.py --cache DIR clean                the two clean sets
make.py --cache DIR attacks [NAME…]      the adversarial sets, against the exported served model
make.py --cache DIR configuration        picket.yaml
make.py --cache DIR check                accuracies of what is there
"""

import shutil
import sys
from pathlib import Path

import torch

from adversarial import make_sets, rightly_classified
from attacks import ATTACKS
from export import Exported, export, exported
from models import ARCHITECTURES, AUTOENCODER, SERVED
from paths import options
from pictures import Splits, splits, write_clean
from training import train

# Sources of each attack.
ROWS = 300
STAGES = ("models", "clean", "attacks", "configuration", "check")


def check(parts: Splits, cache: Path) -> None:
    for name in ARCHITECTURES:
        path = cache / "models" / f"{name}.onnx"
        if not path.exists():
            continue
        outputs = Exported(path)(parts.test.unit)
        if name == AUTOENCODER:
            print(f"{name}: mean absolute error {abs(outputs - parts.test.unit).mean():.4f} on the clean test set")
        else:
            print(f"{name}: accuracy {(outputs.argmax(1) == parts.test.y).mean():.4f} on the clean test set")


def attack(parts: Splits, cache: Path, names: list[str]) -> None:
    path = cache / "models" / f"{SERVED}.onnx"
    classify = Exported(path, torch.get_num_threads())
    sources = rightly_classified(parts.sources, classify, ROWS)
    make_sets(ATTACKS, names, exported(path, ARCHITECTURES[SERVED]()), sources, classify, cache / "adversarial")


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, help="tar or folder of CIFAR-10's training JPEGs by class folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("stage", nargs="?", choices=STAGES)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    parts = splits(given.data, given.cache)
    for stage in [given.stage] if given.stage else STAGES:
        if stage == "models":
            for name in given.names or ARCHITECTURES:
                export(train(name, parts.train), given.cache / "models" / f"{name}.onnx")
        elif stage == "clean":
            write_clean(parts, given.cache)
        elif stage == "attacks":
            attack(parts, given.cache, given.names)
        elif stage == "configuration":
            shutil.copy(Path(__file__).with_name("picket.yaml"), given.cache)
        else:
            check(parts, given.cache)
    return 0


if __name__ == "__main__":
    sys.exit(main())
