"""What every script here takes: a configuration with its calibration, a build, clean pictures."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from chain import Chain

SEED = 20240607
EXAMPLE = Path(__file__).resolve().parents[2] / "Examples" / "fashion-mnist"


def options(description: str | None, rows: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=EXAMPLE / "picket.yaml", help="configuration, calibrated")
    parser.add_argument(
        "--picket", type=Path, required=True, help="the built picket; picketd and plugins lie beside it"
    )
    parser.add_argument("--clean", type=Path, default=EXAMPLE / "data" / "clean-test.npz", help="pictures to attack")
    parser.add_argument("--rows", type=int, default=rows, help="how many of them")
    return parser


@dataclass
class Pictures:
    """x uint8 [n,1,h,w], y int64 [n]: rightly classified, drawn from the clean test."""

    x: np.ndarray
    y: np.ndarray

    @property
    def unit(self) -> torch.Tensor:
        return torch.from_numpy(self.x.astype(np.float32) / np.float32(255))

    @property
    def labels(self) -> torch.Tensor:
        return torch.from_numpy(self.y)


def sources(chain: Chain, clean: Path, rows: int) -> Pictures:
    with np.load(clean) as file:
        order = np.random.default_rng(SEED).permutation(len(file["y"]))[: 2 * rows]
        pictures = Pictures(file["x"][order], file["y"][order].astype(np.int64))
    with torch.no_grad():
        right = (chain.answer(pictures.unit).argmax(1) == pictures.labels).numpy()
    kept = np.flatnonzero(right)[:rows]
    return Pictures(pictures.x[kept], pictures.y[kept])
