"""Fashion-MNIST from Debian's package, cut into disjoint parts.

Training uses 55,000 of the 60,000 training images; the other 5,000 stay unseen, as a reserve. Calibration, clean test
and attack sources all come from one shuffle of the 10,000 test images, so that they are exchangeable: a calibration
from the training images' reserve would not be, where the two halves of the data set differ. No two of the 70,000
pictures have the same bytes (checked here), so what is disjoint by index is disjoint by picture.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from paths import DATA, SPLITS, derived_seed

DATASET = Path("/usr/share/datasets/fashion-mnist")
TRAIN = 55_000
# Of the shuffled test images, in this order: calibration, test, sources, and calibration again. The last 3,000 were
# sources before the calibration set grew; no attack had used any of them.
CALIBRATION, TEST, SOURCES = 2_000, 2_000, 3_000


def read_idx(path: Path) -> np.ndarray:
    raw = gzip.decompress(path.read_bytes())
    axes = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)


@dataclass(frozen=True)
class Pictures:
    """x uint8 [n,1,28,28], y int64 [n], and where each came from in its IDX file."""

    x: np.ndarray
    y: np.ndarray
    index: np.ndarray

    def take(self, rows: np.ndarray) -> "Pictures":
        return Pictures(self.x[rows], self.y[rows], self.index[rows])

    @property
    def unit(self) -> np.ndarray:
        return to_unit(self.x)


def to_unit(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32) / np.float32(255)


def load(part: str) -> Pictures:
    images = read_idx(DATASET / f"{part}-images-idx3-ubyte.gz")[:, None]
    labels = read_idx(DATASET / f"{part}-labels-idx1-ubyte.gz").astype(np.int64)
    return Pictures(images, labels, np.arange(len(labels)))


@dataclass(frozen=True)
class Splits:
    train: Pictures
    reserve: Pictures
    calibration: Pictures
    test: Pictures
    sources: Pictures


def splits() -> Splits:
    train, test = load("train"), load("t10k")
    distinct = {image.tobytes() for pictures in (train, test) for image in pictures.x}
    if len(distinct) != len(train.y) + len(test.y):
        raise SystemExit(f"{DATASET}: a picture occurs twice, so that disjoint indices are not disjoint pictures")

    shuffled = np.random.default_rng(derived_seed("split/train")).permutation(len(train.y))
    held = np.random.default_rng(derived_seed("split/test")).permutation(len(test.y))
    first, tested, attacked, last = np.split(held, np.cumsum((CALIBRATION, TEST, SOURCES)))
    return Splits(
        train=train.take(shuffled[:TRAIN]),
        reserve=train.take(shuffled[TRAIN:]),
        calibration=test.take(np.concatenate((first, last))),
        test=test.take(tested),
        sources=test.take(attacked),
    )


def write_clean(parts: Splits) -> None:
    DATA.mkdir(exist_ok=True)
    for name, pictures in (("clean-calibration", parts.calibration), ("clean-test", parts.test)):
        np.savez_compressed(DATA / f"{name}.npz", x=pictures.x, y=pictures.y)
    listed = {
        "reserve": ("train", parts.reserve),
        "calibration": ("t10k", parts.calibration),
        "test": ("t10k", parts.test),
        "sources": ("t10k", parts.sources),
    }
    lines = [f'  "{k}": {{"file": "{f}", "rows": {json.dumps(p.index.tolist())}}}' for k, (f, p) in listed.items()]
    SPLITS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
