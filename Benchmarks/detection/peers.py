"""The other programs: every transform as each of them does it fastest, on one thread."""

import dataclasses
import math
import typing

import cv2
import numpy as np
import PIL
import scipy
import scipy.ndimage as ndimage
import skimage
from PIL import Image, ImageFilter
from skimage.restoration import denoise_nl_means

cv2.setNumThreads(1)


def versions():
    return f"scipy {scipy.__version__}, OpenCV {cv2.__version__}, Pillow {PIL.__version__}, scikit-image {skimage.__version__}"


@dataclasses.dataclass
class Peer:
    """One program's way: a function of one picture in the layout it likes, over all of them."""

    name: str
    function: typing.Callable
    inputs: list
    #: From its answer to planar numbers in 0 … 1.
    planar: typing.Callable
    bytes: bool = False
    #: The part of the pictures in which its definition is ours (borders may differ), and how far it may be off there.
    inside: int = 0
    tolerance: float = 1e-5
    off: float = 0.0

    def run(self):
        function = self.function
        for picture in self.inputs:
            function(picture)

    def check(self, ours, index):
        theirs = self.planar(self.function(self.inputs[index]))
        cut = np.s_[:, self.inside : ours.shape[1] - self.inside, self.inside : ours.shape[2] - self.inside]
        self.off = max(self.off, float(np.abs(ours - theirs)[cut].max()))
        if self.off > self.tolerance:
            raise SystemExit(f"{self.name} is off by {self.off}, {self.tolerance} allowed")

    @property
    def difference(self):
        return f"Δ {self.off:.0e}"


@dataclasses.dataclass
class Case:
    name: str
    function: str
    numbers: tuple
    pictures: np.ndarray
    result_shape: tuple
    peers: list


def pictures(count, channels, side):
    """Smooth pictures with grain and edges, on the byte grid."""
    random = np.random.default_rng(5)
    y, x = np.mgrid[0:side, 0:side] / side
    made = np.empty((count, channels, side, side), np.float32)
    for i in range(count):
        a, b, c = random.uniform(1, 9, 3)
        for channel in range(channels):
            smooth = 0.5 + 0.25 * np.sin(a * x + channel) * np.cos(b * y) + 0.2 * (x * c % 1 > 0.5)
            made[i, channel] = np.clip(smooth + 0.02 * random.standard_normal((side, side)), 0, 1)
    return (np.rint(255 * made) / 255).astype(np.float32)


def cases(channels, side):
    count = 1000 if side < 64 else 8
    x = pictures(count, channels, side)
    pixels = np.rint(255 * x).astype(np.uint8)
    layouts = {
        "planar": list(x), "hwc": [interleaved(p) for p in x], "hwc8": [interleaved(p) for p in pixels],
        "pil": [Image.fromarray(interleaved(p)) for p in pixels], "pilf": [[Image.fromarray(q) for q in p] for p in x],
    }
    yield from grid(x, layouts)
    yield from warps(x, layouts)
    yield from means(x, layouts)


def interleaved(picture):
    return picture[0].copy() if len(picture) == 1 else np.ascontiguousarray(picture.transpose(1, 2, 0))


def planar(array):
    return array[None] if array.ndim == 2 else array.transpose(2, 0, 1)


def from_bytes(array):
    return planar(np.asarray(array)) / 255


def from_planes(images):
    return np.stack([np.asarray(image) for image in images])


def cv(name, layouts, function, bytes=False, **more):
    layout = layouts["hwc8" if bytes else "hwc"]
    target = np.empty_like(layout[0])
    back = from_bytes if bytes else planar
    return Peer(name, lambda p: function(p, target), layout, back, bytes=bytes, **more)


def pillow(layouts, function, bytes=False, **more):
    if bytes:
        return Peer("Pillow 8", function, layouts["pil"], from_bytes, bytes=True, **more)
    return Peer("Pillow", lambda planes: [function(p) for p in planes], layouts["pilf"], from_planes, **more)


def grid(x, layouts):
    shape = x.shape[1:]
    steps = np.float32(15)

    def opencv_bits(p, _):
        return cv2.multiply(cv2.convertScaleAbs(p, alpha=15), 1 / 15, dtype=cv2.CV_32F)

    table = np.array([round(v / 255 * 15) * 255 / 15 for v in range(256)]).round().astype(np.uint8)
    yield Case("bit depth 4", "bit_depth", (4,), x, shape, [
        Peer("numpy", lambda p: np.rint(p * steps) / steps, layouts["planar"], lambda a: a),
        cv("OpenCV", layouts, opencv_bits),
        cv("OpenCV LUT", layouts, lambda p, to: cv2.LUT(p, table, to), bytes=True, tolerance=0.5 / 255),
        Peer("Pillow point", lambda p: p.point(table.tolist() * len(p.getbands())), layouts["pil"], from_bytes, True,
             tolerance=0.5 / 255),
    ])
    yield Case("median 3", "median", (3,), x, shape, [
        Peer("scipy", lambda p: ndimage.median_filter(p, size=(1, 3, 3)), layouts["planar"], lambda a: a),
        cv("OpenCV", layouts, lambda p, to: cv2.medianBlur(p, 3, to)),
        pillow(layouts, lambda p: p.filter(ImageFilter.MedianFilter(3))),
        cv("OpenCV 8", layouts, lambda p, to: cv2.medianBlur(p, 3, to), bytes=True),
        pillow(layouts, lambda p: p.filter(ImageFilter.MedianFilter(3)), bytes=True),
    ])


def warps(x, layouts):
    shape = x.shape[1:]
    height, width = shape[1:]
    right, down = 2, 1

    def bordered(p, to):
        return cv2.copyMakeBorder(p[:-down, :-right], down, 0, right, 0, cv2.BORDER_REFLECT, to)

    moved = (1, 0, -right, 0, 1, -down)
    yield Case("shift 2, 1", "shift", (right, down), x, shape, [
        Peer("scipy", lambda p: ndimage.shift(p, (0, down, right), order=0, mode="reflect"), layouts["planar"], lambda a: a),
        cv("OpenCV", layouts, bordered),
        pillow(layouts, lambda p: p.transform(p.size, Image.AFFINE, moved), inside=2),
        cv("OpenCV 8", layouts, bordered, bytes=True),
        pillow(layouts, lambda p: p.transform(p.size, Image.AFFINE, moved), bytes=True, inside=2),
    ])

    new = height - height // 14
    zoom = (1, new / height, new / width)
    resized = np.zeros((new, new) + ((shape[0],) if shape[0] > 1 else ()), np.float32)
    resized8 = resized.astype(np.uint8)
    extent = (0, 0, width, height)
    yield Case(f"resize to {new}", "resize", (new, new), x, (shape[0], new, new), [
        Peer("scipy", lambda p: ndimage.zoom(p, zoom, order=1, mode="nearest", grid_mode=True), layouts["planar"], lambda a: a),
        Peer("OpenCV", lambda p: cv2.resize(p, (new, new), resized), layouts["hwc"], planar),
        pillow(layouts, lambda p: p.transform((new, new), Image.EXTENT, extent, Image.BILINEAR), inside=1),
        Peer("OpenCV 8", lambda p: cv2.resize(p, (new, new), resized8), layouts["hwc8"], from_bytes, True, tolerance=1.01 / 255),
        pillow(layouts, lambda p: p.transform((new, new), Image.EXTENT, extent, Image.BILINEAR), bytes=True, inside=1,
               tolerance=1.01 / 255),
    ])

    degrees = 5
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    centre = (width - 1) / 2
    inverse = np.array([
        [cosine, -sine, centre - cosine * centre + sine * centre], [sine, cosine, centre - sine * centre - cosine * centre]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def warped(p, to):
        return cv2.warpAffine(p, inverse, (width, height), to, flags, cv2.BORDER_REFLECT)

    # Older OpenCV places samples to 1/32 of a pixel; Pillow leaves corners black.
    away = 2 + height // 20
    yield Case("rotate 5", "rotate", (cosine, sine), x, shape, [
        Peer("scipy", lambda p: ndimage.rotate(p, degrees, axes=(2, 1), reshape=False, order=1, mode="reflect"),
             layouts["planar"], lambda a: a),
        cv("OpenCV", layouts, warped, tolerance=0.02),
        pillow(layouts, lambda p: p.rotate(degrees, Image.BILINEAR), inside=away, tolerance=1e-4),
        cv("OpenCV 8", layouts, warped, bytes=True, tolerance=0.03),
        pillow(layouts, lambda p: p.rotate(degrees, Image.BILINEAR), bytes=True, inside=away, tolerance=1.5 / 255),
    ])


def means(x, layouts):
    few = slice(0, 200 if x.shape[2] < 64 else 2)
    x = x[few]
    layouts = {name: inputs[few] for name, inputs in layouts.items()}
    axis = None if x.shape[1] == 1 else -1
    for search, patch, strength in ((13, 3, 4.0), (11, 3, 10.0)):
        yield Case(f"non-local means {search}-{patch}-{strength:.0f}", "non_local_means", (search, patch, strength), x,
                   x.shape[1:], [
            Peer("scikit-image", lambda p: denoise_nl_means(p, patch, search // 2, strength / 255, channel_axis=axis),
                 layouts["hwc"], planar, tolerance=0.2),
            cv("OpenCV 8", layouts, lambda p, to: cv2.fastNlMeansDenoising(p, to, strength, patch, search), bytes=True,
               tolerance=3 / 255),
        ])
