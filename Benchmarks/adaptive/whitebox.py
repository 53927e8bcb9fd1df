#!/usr/bin/env python3
"""An attacker who knows chain, models, calibration and every parameter, but not the key; judged by the real guard.

    whitebox.py --picket ../../.build/release/picket [--config FILE] [--clean NPZ] [--rows 40] [--out DIR]

Prints a table and writes the attacked pictures to DIR as `NAME.npz` (x uint8, y, x0), for checks.py.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from attacks import Attacker, carlini, pgd
from chain import Chain
from judge import Verdicts, judged
from setting import SEED, Pictures, options, sources

FULL = Attacker()
# Carlini and Wagner's attack lets no row rest, and takes so many fewer pictures.
SHARE_OF_ROWS = {"carlini-l2": 0.5}
# Name → the attack, on whom the attacker is.
ATTACKS: dict[str, Callable] = {
    "pgd-0.05": lambda who, chain, x, y: pgd(who, chain, x, y, 0.05),
    "pgd-0.1": lambda who, chain, x, y: pgd(who, chain, x, y, 0.1),
    "carlini-l2": carlini,
}


def attacked(name: str, who: Attacker, chain: Chain, pictures: Pictures) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    started = time.monotonic()
    torch.manual_seed(SEED)
    x = ATTACKS[name](who, chain, pictures.unit, pictures.labels)
    print(f"{name}: {len(x)} pictures in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return (x * 255).round().byte().numpy(), pictures.y, pictures.x


def row(name: str, x: np.ndarray, x0: np.ndarray, found: Verdicts) -> str:
    fooled, through, n = int(found.fooled.sum()), int(found.through.sum()), len(x)
    change = (x.astype(np.float64) - x0) / 255
    length = np.sqrt((change**2).sum((1, 2, 3)))[found.through]
    detected = f"{1 - through / fooled:.2f}" if fooled else "–"
    mean = f"{length.mean():.2f}" if through else "–"
    return f"| {name} | {n} | {fooled} | {fooled - through} | {detected} | {through} | {1 - through / n:.2f} | {mean} |"


HEAD = (
    "| attack | pictures | fool the model | of these flagged | detected | got through | robust accuracy | L2 of these "
    "|\n|:--|--:|--:|--:|--:|--:|--:|--:|"
)


def main() -> int:
    parser = options(__doc__, rows=40)
    parser.add_argument("--out", type=Path, default=Path(".build"), help="folder for the attacked pictures")
    parser.add_argument("--attacks", nargs="+", choices=list(ATTACKS), default=list(ATTACKS))
    given = parser.parse_args()
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    chain = Chain(given.config)
    pictures = sources(chain, given.clean, given.rows)
    sets = {"unattacked": (pictures.x, pictures.y, pictures.x)}
    for name in given.attacks:
        kept = int(len(pictures.y) * SHARE_OF_ROWS.get(name, 1))
        sets[name] = attacked(name, FULL, chain, Pictures(pictures.x[:kept], pictures.y[:kept]))
        np.savez(given.out / f"{name}.npz", **dict(zip(("x", "y", "x0"), sets[name], strict=True)))
    verdicts = judged(given.picket, given.config, chain.name, given.clean, sets)
    print(
        f"Of the {given.rows} pictures unattacked, the chain flags {int(verdicts.pop('unattacked').flagged.sum())}.\n"
    )
    print(HEAD)
    for name, found in verdicts.items():
        print(row(name, sets[name][0], sets[name][2], found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
