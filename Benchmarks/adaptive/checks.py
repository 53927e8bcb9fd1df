#!/usr/bin/env python3
"""Masked and weaker attackers beside the full one of whitebox.py; exits with 1 where one gets more pictures through.

    checks.py --picket ../../.build/release/picket [--config FILE] [--clean NPZ] [--rows 20] [--out DIR]

A weaker attacker who wins says that the full one is broken, and the figures of whitebox.py with it (Carlini and others,
"On Evaluating Adversarial Robustness", 2019).
"""

import sys
from pathlib import Path

import numpy as np
import torch

from attacks import Attacker
from chain import Chain
from judge import judged
from setting import options, sources
from whitebox import HEAD, attacked, row

WEAKER = {
    "oblivious": Attacker(families=frozenset(), targets=1),
    "ensemble-only": Attacker(families=frozenset({"ensemble-disagreement"})),
    "squeezers-only": Attacker(families=frozenset({"transform-consistency", "feature-squeezing"})),
    "ten-steps": Attacker(steps=10),
}


def main() -> int:
    parser = options(__doc__, rows=20)
    parser.add_argument("--out", type=Path, default=Path(".build"), help="where whitebox.py left its pictures")
    parser.add_argument(
        "--attack", choices=["pgd-0.05", "pgd-0.1"], default="pgd-0.05", help="which attack is weakened"
    )
    given = parser.parse_args()
    torch.set_num_threads(1)
    chain = Chain(given.config)
    pictures = sources(chain, given.clean, given.rows)
    sets = {}
    for name in ("pgd-0.05", "pgd-0.1"):
        with np.load(given.out / f"{name}.npz") as file:
            # Fewer are the first of whitebox.py's.
            sets[name] = tuple(file[key][: len(pictures.y)] for key in ("x", "y", "x0"))
            if not np.array_equal(sets[name][2], pictures.x):
                raise SystemExit(f"{given.out}/{name}.npz: other pictures, or fewer; run whitebox.py on as many first")
    for name, who in WEAKER.items():
        sets[name] = attacked(given.attack, who, chain, pictures)
    verdicts = judged(given.picket, given.config, chain.name, given.clean, sets)
    print(HEAD)
    for name, found in verdicts.items():
        print(row(name if name in WEAKER else f"{name}, full", sets[name][0], pictures.x, found))
    through = {name: int(found.through.sum()) for name, found in verdicts.items()}
    wrong = [f"{name} gets {through[name]} through" for name in WEAKER if through[name] > through[given.attack]]
    if wrong:
        print(f"\nThe full attack is broken: {', '.join(wrong)}, it {through[given.attack]}.")
    if through["pgd-0.1"] < through["pgd-0.05"]:
        wrong.append("twice the budget gets fewer through")
        print(f"\nThe full attack is broken: {through['pgd-0.05']} through at 0.05, {through['pgd-0.1']} at 0.1.")
    if not wrong:
        print("\nNo weaker attacker beats the full one, and twice the budget gets no fewer through.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
