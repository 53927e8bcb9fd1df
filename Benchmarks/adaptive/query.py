#!/usr/bin/env python3
"""An attacker at the socket of a running picketd, mode enforce: evasion against queries spent, by what is disclosed.

    query.py --picket ../../.build/release/picket [--config FILE] [--clean NPZ] [--rows 20] [--queries 400] [--svg FILE]

`no guard` is the same daemon in mode monitor, which answers everything.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch

from blackbox import hop_skip_jump, square
from chain import Chain
from daemon import Client, Daemon
from setting import SEED, Pictures, options, sources

MARKS = (50, 100, 200, 400)
COLOURS = ("#888888", "#56b4e9", "#0072b2", "#d55e00")
# What the daemon does and tells.
SETTINGS = {
    "no guard": ("monitor", "none"),
    "none": ("enforce", "none"),
    "verdict": ("enforce", "verdict"),
    "score": ("enforce", "score"),
}
# HopSkipJump reads verdicts alone, and there is no more in `verdict` than in `none` where a flagged row is refused.
ASKED = {"Square": tuple(SETTINGS), "HopSkipJump": ("no guard", "verdict")}


def nearest_others(pictures: Pictures, pool: Pictures, one: int, count: int = 5) -> np.ndarray:
    x0 = pictures.x[one].astype(np.float32) / 255
    others = pool.x[pool.y != pictures.y[one]].astype(np.float32) / 255
    return others[np.argsort(((others - x0) ** 2).sum((1, 2, 3)))[:count]]


def attacked(client: Client, attack: str, pictures: Pictures, pool: Pictures, queries: int) -> list[int | None]:
    spent = []
    for one, (x, y) in enumerate(zip(pictures.x, pictures.y, strict=True)):
        x0, seed = x.astype(np.float32) / np.float32(255), SEED + one
        if attack == "Square":
            spent.append(square(client, x0, int(y), queries, seed))
        else:
            starts = nearest_others(pictures, pool, one)
            spent.append(hop_skip_jump(client, x0, int(y), queries, seed, starts))
    return spent


def share(spent: list[int | None], by: int) -> float:
    return sum(one is not None and one <= by for one in spent) / len(spent)


def plotted(curves: dict[str, list[int | None]], queries: int) -> str:
    """Evasion against queries as a self-contained SVG; Square solid, HopSkipJump dashed."""
    wide, high, left, top = 520, 260, 45, 15
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide + 220} {high + 60}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for tick in range(0, 101, 20):
        y = top + high * (1 - tick / 100)
        parts.append(f'<path d="M{left} {y}h{wide}" stroke="#ddd"/><text x="8" y="{y + 4}">{tick} %</text>')
    for tick in range(0, queries + 1, 100):
        parts.append(f'<text x="{left + wide * tick / queries - 8}" y="{top + high + 18}">{tick}</text>')
    parts.append(f'<text x="{left}" y="{top + high + 36}">queries spent; share misclassified and answered</text>')
    for place, (name, spent) in enumerate(curves.items()):
        points = [
            f"{left + wide * by / queries:.1f},{top + high * (1 - share(spent, by)):.1f}"
            for by in range(0, queries + 1, 5)
        ]
        style = f'stroke="{COLOURS[list(SETTINGS).index(name.split(", ")[1])]}" stroke-width="2" fill="none"'
        style += "" if name.startswith("Square") else ' stroke-dasharray="5 4"'
        y = top + 10 + 18 * place
        parts.append(f'<polyline points="{" ".join(points)}" {style}/>')
        parts.append(
            f'<path d="M{left + wide + 15} {y}h25" {style}/><text x="{left + wide + 46}" y="{y + 4}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def main() -> int:
    parser = options(__doc__, rows=20)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--svg", type=Path, help="write the curves there, too")
    given = parser.parse_args()
    torch.set_num_threads(1)
    chain = Chain(given.config)
    # Attacked pictures first; the attacker's own, from which HopSkipJump starts, are others.
    drawn = sources(chain, given.clean, given.rows + 200)
    pictures = Pictures(drawn.x[: given.rows], drawn.y[: given.rows])
    pool = Pictures(drawn.x[given.rows :], drawn.y[given.rows :])
    marks = [mark for mark in MARKS if mark <= given.queries]
    print("| attack | disclose | " + " | ".join(f"{mark} queries" for mark in marks) + " | queries refused |")
    print("|:--|:--|" + "--:|" * (len(marks) + 1))
    curves = {}
    for attack, names in ASKED.items():
        for name in names:
            mode, disclose = SETTINGS[name]
            started = time.monotonic()
            with Daemon(given.picket, given.config, disclose, mode) as client:
                spent = attacked(client, attack, pictures, pool, given.queries)
            curves[f"{attack}, {name}"] = spent
            cells = " | ".join(f"{share(spent, mark):.2f}" for mark in marks)
            print(f"| {attack} | {name} | {cells} | {client.refused / client.asked:.2f} |", flush=True)
            seconds = time.monotonic() - started
            print(f"{attack}, {name}: {client.asked} queries in {seconds:.0f} s", file=sys.stderr, flush=True)
    if given.svg:
        given.svg.write_text(plotted(curves, given.queries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
