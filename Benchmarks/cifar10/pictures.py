"""CIFAR-10's training images off their JPEG grid, cut into disjoint parts.

The public copy is JPEG at quality 75: a clean picture lies on a JPEG grid that every attack leaves, and whatever looks
at JPEG residuals would be right for a reason that no production traffic shares. So every picture is first cropped to
30×30 at an odd offset and resized to 32×32 (bicubic, back to 8 bits); clean and attacked sets come from the same
pictures.
"""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from paths import derived_seed

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
CALIBRATION, TEST, SOURCES = 5_000, 3_000, 4_000
# Left, upper, right, lower: 30×30 at offset (1, 1), across the blocks of 8×8.
CROP = (1, 1, 31, 31)


@dataclass(frozen=True)
class Pictures:
    """x uint8 [n,3,32,32], y int64 [n]."""

    x: np.ndarray
    y: np.ndarray

    def take(self, rows: np.ndarray) -> "Pictures":
        return Pictures(self.x[rows], self.y[rows])

    @property
    def unit(self) -> np.ndarray:
        return to_unit(self.x)


def to_unit(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32) / np.float32(255)


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    """Class and bytes of each JPEG of a tar, or of a folder with a folder for each class in it."""
    if data.is_dir():
        for path in data.rglob("*.jpg"):
            yield path.parent.name, path.read_bytes()
    else:
        with tarfile.open(data) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".jpg"):
                    yield Path(member.name).parent.name, archive.extractfile(member).read()


def off_the_grid(jpeg: bytes) -> np.ndarray:
    """[3,32,32] uint8"""
    with Image.open(io.BytesIO(jpeg)) as picture:
        resized = picture.convert("RGB").crop(CROP).resize((32, 32), Image.Resampling.BICUBIC)
    return np.asarray(resized).transpose(2, 0, 1)


def load(data: Path) -> Pictures:
    """Every distinct picture, ordered by its bytes: the order of a tar or a folder does not matter."""
    distinct = {off_the_grid(jpeg).tobytes(): CLASSES.index(name) for name, jpeg in files(data)}
    ordered = sorted(distinct)
    x = np.frombuffer(b"".join(ordered), np.uint8).reshape(-1, 3, 32, 32)
    return Pictures(x, np.array([distinct[picture] for picture in ordered], np.int64))


@dataclass(frozen=True)
class Splits:
    train: Pictures
    calibration: Pictures
    test: Pictures
    sources: Pictures


def splits(data: Path | None, cache: Path) -> Splits:
    """The decoded pictures are kept in the cache: only the first call needs the data."""
    kept = cache / "pictures.npz"
    if not kept.exists():
        if data is None:
            raise SystemExit(f"{kept} is not there: give --data once")
        cache.mkdir(parents=True, exist_ok=True)
        pictures = load(data)
        np.savez(kept, x=pictures.x, y=pictures.y)
    with np.load(kept) as stored:
        pictures = Pictures(stored["x"], stored["y"])
    order = np.random.default_rng(derived_seed("split")).permutation(len(pictures.y))
    ends = np.cumsum([CALIBRATION, TEST, SOURCES])
    calibration, test, sources, train = (pictures.take(rows) for rows in np.split(order, ends))
    return Splits(train, calibration, test, sources)


def write_clean(parts: Splits, cache: Path) -> None:
    for name, pictures in (("clean-calibration", parts.calibration), ("clean-test", parts.test)):
        np.savez_compressed(cache / f"{name}.npz", x=pictures.x, y=pictures.y)
