"""Photographs off their JPEG grid: 256×256 resized to 224×224 (bicubic, 8 bits), cut into disjoint parts.

The public sample is JPEG: at its own size a clean photograph lies on a JPEG grid that every attack leaves, and
whatever looks at JPEG residuals would be right for a reason that no production traffic shares. The resize breaks the
grid; clean and attacked sets come from the same pictures.
"""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from common import Pictures, derived_seed
from networks import SIDE

CALIBRATION, TEST = 450, 150


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each photograph of a tar or a folder: `0007_cock.jpg`, the class's index first."""
    if data.is_dir():
        for path in data.rglob("*.jpg"):
            yield path.name, path.read_bytes()
    else:
        with tarfile.open(data) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".jpg"):
                    yield Path(member.name).name, archive.extractfile(member).read()


def off_the_grid(jpeg: bytes) -> np.ndarray:
    """[3,224,224] uint8"""
    with Image.open(io.BytesIO(jpeg)) as picture:
        resized = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(resized).transpose(2, 0, 1)


def load(data: Path) -> Pictures:
    named = sorted(files(data))
    x = np.stack([off_the_grid(jpeg) for _, jpeg in named])
    return Pictures(x, np.array([int(name.split("_")[0]) for name, _ in named], np.int64))


def splits(data: Path) -> tuple[Pictures, Pictures, Pictures]:
    """Calibration, clean test, and the sources of attacks: the rest, then the clean test's."""
    pictures = load(data)
    order = np.random.default_rng(derived_seed("imagenet/split")).permutation(len(pictures.y))
    calibration, test, rest = np.split(order, [CALIBRATION, CALIBRATION + TEST])
    return pictures.take(calibration), pictures.take(test), pictures.take(np.concatenate([rest, test]))
