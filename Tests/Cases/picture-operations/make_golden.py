#!/usr/bin/env python3
"""Makes the golden cases of the picture operations: pictures, operations, and what other programs make of them.

    pip install -r requirements.txt && python3 make_golden.py

Nothing of Picket runs here. Where a library has the operation (scipy, OpenCV, scikit-image), its answer is the expected
one; where none has exactly ours, a plain computation in double precision of the definition in picket_pictures.h. Every
case says which, and how far Picket may be off. Writes pictures.json (cases), pictures.f32 (the pictures' planes) and
expected.f32 (one answer after the other), little-endian float32.
"""

import json
import math
import pathlib

import cv2
import numpy as np
import scipy.ndimage as ndimage
from skimage.restoration import denoise_tv_chambolle, denoise_wavelet

HERE = pathlib.Path(__file__).resolve().parent


def picture(seed, channels, height, width):
    """Smooth parts, grain, a flat corner and a hard edge, on the byte grid."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [0.5 + 0.3 * np.sin(0.3 * x + c) * np.cos(0.2 * y - c) for c in range(channels)]
    noisy = np.array(planes) + 0.03 * random.standard_normal((channels, height, width))
    noisy[:, : height // 3, : width // 3] = 0.1
    noisy[:, :, 2 * width // 3 :] += 0.25
    return (np.rint(255 * np.clip(noisy, 0, 1)) / 255).astype(np.float32)


PICTURES = {
    "grey": picture(1, 1, 21, 20), "colour": picture(2, 3, 13, 15), "line": picture(3, 1, 1, 7),
    "wide": picture(4, 1, 33, 37), "pixel": picture(5, 2, 1, 1),
}


def planes(function):
    return lambda x, *numbers: np.stack([function(plane, *numbers) for plane in x.astype(np.float64)])


def centre(factor, extent):
    return (extent - 1) / 2 * (1 - 1 / factor)


def scale(plane, factor):
    offset = [centre(factor, extent) for extent in plane.shape]
    return ndimage.affine_transform(plane, [1 / factor] * 2, offset, order=1, mode="reflect")


def crop_resize(plane, top, left, height, width):
    part = np.ascontiguousarray(plane[top : top + height, left : left + width], dtype=np.float64)
    return cv2.resize(part, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)


def means(x, search, patch, strength):
    """The definition, pixel by pixel."""
    channels, height, width = x.shape
    s, p = search // 2, patch // 2
    border = ((0, 0), (s + p, s + p), (s + p, s + p))
    pixels = np.pad(x.astype(np.float64), border, mode="reflect") if min(height, width) > 1 else None
    if pixels is None:  # numpy does not reflect a single row
        rows = [abs((i - s - p + 2 * 10**4 * max(1, height - 1))) for i in range(height + 2 * (s + p))]
        rows = [0 if height == 1 else min(r % (2 * height - 2), -r % (2 * height - 2)) for r in rows]
        columns = [i - s - p for i in range(width + 2 * (s + p))]
        columns = [0 if width == 1 else min(c % (2 * width - 2), -c % (2 * width - 2)) for c in columns]
        pixels = x.astype(np.float64)[:, rows][:, :, columns]
    levels = np.rint(255 * pixels)
    out = np.zeros(x.shape)
    for row in range(height):
        for column in range(width):
            total, sums = 0.0, np.zeros(channels)
            here = levels[:, row + s : row + s + patch, column + s : column + s + patch]
            for down in range(search):
                for right in range(search):
                    there = levels[:, row + down : row + down + patch, column + right : column + right + patch]
                    distance = float(((here - there) ** 2).sum())
                    unit = patch * patch * channels * strength**2
                    weight = math.exp(-distance / unit) if unit > 0 else float(distance == 0)
                    if weight < 0.001:
                        continue
                    total += weight
                    sums += weight * pixels[:, row + down + p, column + right + p]
            out[:, row, column] = sums / total
    return out


def opencv_means(x, search, patch, strength):
    levels = np.ascontiguousarray(np.rint(255 * x).astype(np.uint8).transpose(1, 2, 0))
    channels = x.shape[0]
    out = cv2.fastNlMeansDenoising(levels if channels > 1 else levels[:, :, 0], None, strength, patch, search)
    return np.atleast_3d(out).transpose(2, 0, 1) / 255


def gradient(z):
    down, right = np.zeros_like(z), np.zeros_like(z)
    down[:-1], right[:, :-1] = np.diff(z, axis=0), np.diff(z, axis=1)
    return down, right


def masked_variation(source, mask, weight, iterations):
    """Chambolle and Pock, steps 1/8 and 1."""
    height, width = source.shape
    z = source.copy()
    for row, column in np.argwhere(mask == 0):
        part = np.s_[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        z[row, column] = source[part][mask[part] == 1].mean() if mask[part].any() else 0.5
    ahead, down, right = z.copy(), np.zeros_like(z), np.zeros_like(z)
    for _ in range(iterations):
        gradient_down, gradient_right = gradient(ahead)
        down, right = down + gradient_down / 8, right + gradient_right / 8
        factor = weight / np.maximum(weight, np.hypot(down, right))
        down, right = down * factor, right * factor
        divergence = np.diff(down, axis=0, prepend=0) + np.diff(right, axis=1, prepend=0)
        after = (z + divergence + mask * source) / (1 + mask)
        ahead, z = 2 * after - z, after
    return np.clip(z, 0, 1)


def words(seed, stream, index):
    """Philox4x32-10."""
    counter, key = [index & 0xFFFFFFFF, index >> 32, stream, 0], [seed & 0xFFFFFFFF, seed >> 32]
    return philox(counter, key)


def philox(counter, key):
    (a, b, c, d), (k, l) = counter, key
    for _ in range(10):
        p, q = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = (q >> 32) ^ b ^ k, q & 0xFFFFFFFF, (p >> 32) ^ d ^ l, p & 0xFFFFFFFF
        k, l = (k + 0x9E3779B9) & 0xFFFFFFFF, (l + 0xBB67AE85) & 0xFFFFFFFF
    return [a, b, c, d]


# Random123's known answers.
assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


def normals(seed, count):
    out = np.zeros((count + 63) // 64 * 64)
    for n in range(len(out) // 4):
        w = words(seed, 1, n)
        for k in (0, 2):
            radius = math.sqrt(-2 * math.log(((w[k] >> 1) + 0.5) * 2.0**-31))
            angle = 2 * math.pi * (w[k + 1] >> 8) * 2.0**-24
            place = 64 * (n // 16) + n % 16
            out[place + 16 * k] = radius * math.cos(angle)
            out[place + 16 * (k + 1)] = radius * math.sin(angle)
    return out[:count]


def noise(x, sigma, seed, clamped):
    noisy = x + sigma * normals(seed, x.size).reshape(x.shape)
    return np.clip(noisy, 0, 1) if clamped else noisy


def guo(x, weight, iterations, probability, seed):
    kept = [words(seed, 2, i // 4)[i % 4] * 2.0**-32 >= probability for i in range(x.size)]
    mask = np.array(kept, dtype=np.float64).reshape(x.shape)
    return np.stack([masked_variation(p, m, weight, iterations) for p, m in zip(x.astype(np.float64), mask)])


def deflection(x, count, window, seed):
    out = x.copy()
    _, height, width = x.shape
    for move in range(count):
        w = words(seed, 3, move)
        row, column = w[0] * height >> 32, w[1] * width >> 32
        place = []
        for word, at, extent in ((w[2], row, height), (w[3], column, width)):
            first, last = max(0, at - window), min(extent - 1, at + window)
            place.append(first + (word * (last - first + 1) >> 32))
        out[:, row, column] = out[:, place[0], place[1]]
    return out


def wavelet(x, sigma):
    arguments = dict(wavelet="db1", mode="soft", method="BayesShrink", sigma=sigma)
    return np.stack([np.clip(denoise_wavelet(plane, **arguments), 0, 1) for plane in x])


def variation(x, weight, iterations):
    arguments = dict(weight=weight, eps=0, max_num_iter=iterations)
    return np.stack([np.clip(denoise_tv_chambolle(plane, **arguments), 0, 1) for plane in x.astype(np.float64)])



SCIPY, OPENCV, SKIMAGE, FORMULA = "scipy.ndimage", "cv2", "skimage.restoration", "the definition, in numpy"
S = 0x0123456789ABCDEF
# Operation, where the answer comes from, how, its numbers, the pictures, how far the answer may be off.
CASES = [
    *[("median", f"{SCIPY}.median_filter", planes(lambda p, k: ndimage.median_filter(p, size=k, mode="reflect")), [k],
       ["colour", "line"] if k % 3 else ["grey", "colour", "pixel"], 0) for k in range(2, 16)],
    *[("nonLocalMeans", FORMULA, means, n, names, 1e-5) for n, names in (
        ([13, 3, 4], ["grey", "colour", "line", "pixel"]), ([11, 5, 10], ["grey", "colour"]), ([3, 1, 0], ["grey"]),
        ([5, 3, 255], ["colour"]))],
    *[("nonLocalMeans", f"{OPENCV}.fastNlMeansDenoising", opencv_means, n, ["grey", "colour"], t / 255)
      for n, t in (([13, 3, 4], 1.5), ([13, 3, 10], 1.5), ([7, 5, 6], 1.5))],
    *[("gaussianBlur", f"{SCIPY}.gaussian_filter",
       planes(lambda p, s: ndimage.gaussian_filter(p, s, mode="reflect", truncate=4)), [s], names, 1e-6)
      for s, names in ((0.5, ["grey", "pixel"]), (1, ["colour", "line"]), (2.7, ["grey"]), (9, ["colour", "line"]))],
    ("gaussianNoise", FORMULA, noise, [0.1, S, 1], ["grey", "line"], 1e-6),
    ("gaussianNoise", FORMULA, noise, [1, 7, 0], ["colour", "wide"], 1e-5),
    *[("totalVariation", f"{SKIMAGE}.denoise_tv_chambolle", variation, n, names, 2e-6) for n, names in (
        ([0.1, 1], ["grey"]), ([0.1, 50], ["grey", "colour", "line"]), ([0.03, 200], ["wide"]), ([2, 30], ["grey"]))],
    *[("maskedTotalVariation", FORMULA, guo, n, names, 1e-5) for n, names in (
        ([0.03, 100, 0.5, S], ["grey", "colour", "pixel"]), ([0.1, 40, 0.1, 3], ["wide"]), ([0.05, 50, 0.9, 4], ["line"]))],
    # Without dropped pixels both methods look for the same minimum: another program's, after very many steps.
    ("maskedTotalVariation", f"{SKIMAGE}.denoise_tv_chambolle, 20,000 iterations",
     lambda x, w, n, p, s: variation(x, w, 20000), [0.05, 1500, 0, 1], ["colour"], 2e-4),
    *[("wavelet", f"{SKIMAGE}.denoise_wavelet", wavelet, [s], ["grey", "colour", "wide"], 2e-6) for s in (0.04, 0.2)],
    ("wavelet", f"{SKIMAGE}.denoise_wavelet", lambda x: wavelet(x, None), [], ["wide"], 1e-5),
    ("pixelDeflection", FORMULA, deflection, [200, 10, S], ["grey", "colour", "line", "pixel"], 0),
    ("pixelDeflection", FORMULA, deflection, [50, 2, 1], ["colour"], 0),
    *[("scale", f"{SCIPY}.affine_transform", planes(scale), [f], ["grey", "colour", "line"], 1e-6) for f in (0.8, 1.1, 3)],
    ("cropResize", f"{OPENCV}.resize", planes(crop_resize), [2, 3, 9, 11], ["grey", "colour"], 1e-6),
    ("cropResize", f"{OPENCV}.resize", planes(crop_resize), [0, 0, 1, 7], ["line"], 1e-6),
    ("rotate", f"{SCIPY}.rotate", planes(lambda p, a: ndimage.rotate(p, a, reshape=False, order=1, mode="reflect")), [7],
     ["grey", "colour", "line"], 1e-6),
    ("rotate", f"{SCIPY}.rotate", planes(lambda p, a: ndimage.rotate(p, a, reshape=False, order=1, mode="reflect")),
     [-133], ["colour"], 1e-6),
    ("flipHorizontal", "numpy", lambda x: x[:, :, ::-1], [], ["grey", "colour"], 0),
]


def main():
    cases, answers = [], []
    for operation, source, function, numbers, names, tolerance in CASES:
        for name in names:
            answer = np.ascontiguousarray(function(PICTURES[name], *numbers), dtype="<f4")
            assert answer.shape == PICTURES[name].shape and np.isfinite(answer).all(), (operation, name)
            case = {"operation": operation, "numbers": [str(n) for n in numbers], "picture": name, "source": source}
            cases.append(case | {"tolerance": tolerance})
            answers.append(answer.ravel())
    shapes = {name: list(x.shape) for name, x in PICTURES.items()}
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    (HERE / "cases.json").write_text(f'{{\n  "pictures": {json.dumps(shapes)},\n  "cases": [\n{lines}\n  ]\n}}\n')
    (HERE / "pictures.f32").write_bytes(np.concatenate([x.ravel() for x in PICTURES.values()]).astype("<f4").tobytes())
    (HERE / "expected.f32").write_bytes(np.concatenate(answers).tobytes())


if __name__ == "__main__":
    main()
