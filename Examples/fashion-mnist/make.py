#!/usr/bin/env python3
"""Makes the example: models, clean sets, adversarial sets, golden outputs, provenance. By hand; CI never runs it.

    make.py                     everything, in order
    make.py models [NAME…]      train and export
    make.py clean               the two clean sets and splits.json
    make.py attacks [NAME…]     the adversarial sets, against the exported served model
    make.py golden              onnxruntime's answers
    make.py provenance          PROVENANCE.json
    make.py verify              check what is there; exit 1 with a line for each claim that does not hold
"""

import sys

import torch

from adversarial import make_sets
from attacks import ATTACKS
from autoencoder import NAME as AUTOENCODER
from autoencoder import OUTPUT, train_autoencoder
from data import splits, write_clean
from export import export
from golden import write_golden
from models import ARCHITECTURES
from provenance import write_provenance
from training import train
from verify import verify

STAGES = ("models", "clean", "attacks", "golden", "provenance", "verify")


def main(arguments: list[str]) -> int:
    if "--help" in arguments:
        print(__doc__)
        return 0
    stages, names = (arguments[:1], arguments[1:]) if arguments else (STAGES, [])
    if not set(stages) <= set(STAGES):
        print(__doc__, file=sys.stderr)
        return 64
    torch.use_deterministic_algorithms(True)
    parts = splits()
    for stage in stages:
        if stage == "models":
            for name in names or (*ARCHITECTURES, AUTOENCODER):
                if name == AUTOENCODER:
                    export(name, train_autoencoder(parts.train), OUTPUT)
                else:
                    export(name, train(name, parts.train))
        elif stage == "clean":
            write_clean(parts)
        elif stage == "attacks":
            for name in names or ATTACKS:
                make_sets(ATTACKS[name], parts.sources)
        elif stage == "golden":
            write_golden(parts)
        elif stage == "provenance":
            write_provenance(parts)
        elif faults := verify():
            print("\n".join(faults))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
