"""Makes the golden cases of the three detectors: pictures, their variants, and the components that follow from them.

    pip install -r requirements.txt && python3 make_golden.py

An independent computation of the definitions in Documentation/PluginGuide.md with numpy, scipy and Pillow; nothing of
Picket runs here. The "model" of these cases is a formula that the tests evaluate too: ten logits,
    logit[k] = 6 / sqrt(n) * sum over i of sin(0.37 * (k + 1 + shift) * (i + 1)) * pixel[i],
with i over the row's n numbers in planar order and shift 0 for the served model, 3 and 7 for the members.

Every random choice has its seed; the versions are in requirements.txt.
"""

import io
import json
import pathlib

import numpy as np
import scipy.ndimage as ndimage
from PIL import Image
from scipy.special import log_softmax, logsumexp, rel_entr

HERE = pathlib.Path(__file__).resolve().parent
FLOOR = -1000.0
MEMBERS = {"": 0, "member-b": 3, "member-c": 7}


# Pictures: planar uint8, a smooth part and grain; the last one mostly black with flat areas, where medians tie.
def picture(seed, channels, height, width):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    smooth = [
        np.sin(0.4 * x + c) * np.cos(0.3 * y - c) + 0.5 * np.sin(0.15 * x * (c + 1) + 0.2 * y) for c in range(channels)
    ]
    noisy = 0.5 + 0.3 * np.array(smooth) + 0.1 * random.standard_normal((channels, height, width))
    if seed % 2 == 0:
        noisy[:, :, : width // 3] = 0
    return np.rint(255 * np.clip(noisy, 0, 1)).astype(np.uint8)


# Transforms: float32 planar pictures in, the same out.
def bit_depth(x, bits, _):
    steps = np.float32(2**bits - 1)
    return np.rint(x * steps) / steps


def median(x, side, _):
    return ndimage.median_filter(x, size=(1, side, side), mode="reflect")


def jpeg(x, quality, _):
    pixels = np.rint(np.clip(x, 0, 1) * np.float32(255)).astype(np.uint8)
    image = Image.fromarray(pixels[0] if len(x) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    memory = io.BytesIO()
    image.save(memory, "JPEG", quality=quality)  # Pillow's default: 4:2:0 chroma, the accurate transform
    back = np.asarray(Image.open(memory))
    planar = back[None] if back.ndim == 2 else back.transpose(2, 0, 1)
    return planar.astype(np.float32) / np.float32(255)


def shift(x, offset, _):
    right, down = offset if isinstance(offset, list) else (offset, 0)
    return ndimage.shift(x, (0, down, right), order=0, mode="reflect")


def rotate(x, degrees, _):
    return ndimage.rotate(x, degrees, axes=(2, 1), reshape=False, order=1, mode="reflect")


def random_rotate(x, limit, uniform):
    return rotate(x, (2 * next(uniform) - 1) * limit, None)


def resize_pad(x, pixels, uniform):
    reduction = 1 + int(next(uniform) * pixels)
    top = int(next(uniform) * (reduction + 1))
    left = int(next(uniform) * (reduction + 1))
    channels, height, width = x.shape
    small_height, small_width = height - reduction, width - reduction
    rows = (np.arange(small_height) + 0.5) * height / small_height - 0.5
    columns = (np.arange(small_width) + 0.5) * width / small_width - 0.5
    grid = np.meshgrid(rows, columns, indexing="ij")
    result = np.zeros_like(x)
    for c in range(channels):
        small = ndimage.map_coordinates(x[c], grid, order=1, mode="nearest")
        result[c, top : top + small_height, left : left + small_width] = small
    return result


TRANSFORMS = {
    "bit-depth": bit_depth, "median": median, "jpeg": jpeg, "shift": shift, "rotate": rotate,
    "random-rotate": random_rotate, "resize-pad": resize_pad,
}  # fmt: skip
DRAWN = {"random-rotate", "resize-pad"}


def key(name, parameter, draw):
    if name == "shift":
        right, down = parameter if isinstance(parameter, list) else (parameter, 0)
        return f"shift:{right},{down}"
    return f"{name}:{parameter}" + (f"#{draw}" if name in DRAWN else "")


def uniforms(bits):
    return iter([(b >> 11) * 2.0**-53 for b in bits])


# The model.
def logits(x, offset):
    flat = x.astype(np.float64).ravel()
    i = np.arange(1, flat.size + 1)
    weights = np.sin(0.37 * (np.arange(1, 11)[:, None] + offset) * i)
    return 6 / np.sqrt(flat.size) * (weights @ flat)


def log_probabilities(x, model=""):
    return log_softmax(logits(x, MEMBERS[model]))


# Components.
def margin(logarithms, label):
    others = np.delete(logarithms, label)
    return float(logarithms[label] - others.max()) if others.size else 0.0


def jensen_shannon(distributions):
    p = np.exp(np.array(distributions))
    mean = p.mean(axis=0)
    return float(np.mean([rel_entr(q, mean).sum() for q in p]))


def squeezing(row, squeezed):
    distances = {k: float(np.abs(np.exp(row) - np.exp(s)).sum()) for k, s in squeezed.items()}
    return distances | {"joint": max(distances.values())}


def consistency(row, transformed):
    clipped = [np.maximum(t, FLOOR) for t in transformed.values()]
    row = np.maximum(row, FLOOR)
    label = int(np.argmax(row))
    divergences = [jensen_shannon([row, t]) for t in clipped]
    negated = [-margin(t, label) for t in clipped]
    return {
        "disagreement": float(np.mean([int(np.argmax(t)) != label for t in clipped])),
        "divergence-mean": float(np.mean(divergences)),
        "divergence-max": max(divergences),
        "margin-mean": float(np.mean(negated)),
        "margin-max": max(negated),
        "margin-drop": margin(row, label) + float(np.mean(negated)),
    }


def disagreement(row, members):
    clipped = [np.maximum(m, FLOOR) for m in members.values()]
    row = np.maximum(row, FLOOR)
    label = int(np.argmax(row))
    mean = logsumexp(clipped, axis=0) - np.log(len(clipped))
    return {
        "jensen-shannon": jensen_shannon([row, *clipped]),
        "vote": float(np.mean([int(np.argmax(m)) != label for m in clipped])),
        "members-margin": -margin(mean, label),
    }


def picture_case(name, plugin, entries, pixels, seed):
    """A picture through every transform of a configuration, the model, and the components."""
    random = np.random.default_rng(seed)
    row = pixels.astype(np.float32) / np.float32(255)
    variants, draws, seen = {}, {}, {}
    for entry in entries:
        ((transform, parameter),) = entry.items()
        number = seen.get(str(entry), 0)
        seen[str(entry)] = number + 1
        k = key(transform, parameter, number)
        bits = [int(b) for b in random.integers(0, 2**64, 3, dtype=np.uint64)]
        if transform in DRAWN:
            draws[k] = [str(b) for b in bits]
        variants[k] = TRANSFORMS[transform](row, parameter, uniforms(bits)).astype(np.float32)
    np.save(HERE / f"{name}.picture.npy", pixels)
    np.save(HERE / f"{name}.variants.npy", np.array(list(variants.values())))
    answers = {k: log_probabilities(v) for k, v in variants.items()}
    family, listed = (squeezing, "squeezers") if plugin == "feature-squeezing" else (consistency, "transforms")
    return {
        "name": name, "plugin": plugin, "config": {listed: entries}, "extents": list(pixels.shape), "classes": 10,
        "picture": f"{name}.picture.npy", "variants": list(variants), "variants_file": f"{name}.variants.npy",
        "draws": draws, "components": family(log_probabilities(row), answers),
    }  # fmt: skip


def ensemble_case(name, pixels):
    row = pixels.astype(np.float32) / np.float32(255)
    np.save(HERE / f"{name}.picture.npy", pixels)
    members = ["member-b", "member-c"]
    return {
        "name": name, "plugin": "ensemble-disagreement", "config": {"members": members},
        "extents": list(pixels.shape), "classes": 10, "picture": f"{name}.picture.npy", "variants": [], "draws": {},
        "components": disagreement(log_probabilities(row), {m: log_probabilities(row, m) for m in members}),
    }  # fmt: skip


def answer_case(name, plugin, config, row, others):
    """Components from answers alone, -inf among them."""
    answers = {"": row, **others}
    arrays = {k: np.array(v, dtype=np.float32).astype(np.float64) for k, v in answers.items()}
    own = arrays.pop("")
    family = {
        "feature-squeezing": squeezing, "transform-consistency": consistency, "ensemble-disagreement": disagreement,
    }[plugin]  # fmt: skip
    written = {k: [None if np.isinf(x) else float(np.float32(x)) for x in v] for k, v in answers.items()}
    return {
        "name": name, "plugin": plugin, "config": config, "extents": [1, 8, 8], "classes": len(row),
        "answers": written, "variants": [], "draws": {}, "components": family(own, arrays),
    }  # fmt: skip


def random_answers(seed, sharpness, count, classes=10):
    random = np.random.default_rng(seed)
    return [log_softmax(sharpness * random.standard_normal(classes)).tolist() for _ in range(count)]


def main():
    squeezers = [{"bit-depth": b} for b in (1, 3, 5, 8)] + [{"median": n} for n in (2, 3, 4, 5)]
    transforms = [
        {"jpeg": 75}, {"jpeg": 20}, {"shift": 1}, {"shift": [-2, 3]}, {"rotate": 5}, {"rotate": -11.5},
        {"resize-pad": 2}, {"resize-pad": 2}, {"resize-pad": 4}, {"random-rotate": 10}, {"median": 2},
    ]  # fmt: skip
    shapes = {"grey": (1, 28, 28), "colour": (3, 24, 20), "odd": (3, 9, 21), "two-channels": (2, 11, 6)}
    cases = []
    for seed, (name, shape) in enumerate(shapes.items(), start=1):
        pixels = picture(seed, *shape)
        chosen = [t for t in transforms if shape[0] != 2 or "jpeg" not in t]
        cases.append(picture_case(f"squeeze-{name}", "feature-squeezing", squeezers, pixels, 100 + seed))
        cases.append(picture_case(f"transform-{name}", "transform-consistency", chosen, pixels, 200 + seed))
        cases.append(ensemble_case(f"ensemble-{name}", pixels))

    two = {"transforms": [{"shift": 1}, {"median": 3}]}
    keys = ["shift:1,0", "median:3"]
    members = {"members": ["b", "c", "d"]}
    for seed, sharpness in enumerate((0.1, 1, 5, 40, 300), start=1):
        row, *others = random_answers(seed, sharpness, 4)
        cases.append(
            answer_case(f"answers-transform-{sharpness}", "transform-consistency", two, row, dict(zip(keys, others)))
        )
        cases.append(
            answer_case(
                f"answers-ensemble-{sharpness}", "ensemble-disagreement", members, row, dict(zip("bcd", others))
            )
        )
        squeezed = dict(zip(["bit-depth:2", "median:3"], others))
        config = {"squeezers": [{"bit-depth": 2}, {"median": 3}]}
        cases.append(answer_case(f"answers-squeeze-{sharpness}", "feature-squeezing", config, row, squeezed))
    certain = [0.0] + [-np.inf] * 9
    other = [-np.inf] * 9 + [0.0]
    cases.append(
        answer_case("answers-transform-certain", "transform-consistency", two, certain, dict(zip(keys, [other, certain])))
    )
    cases.append(
        answer_case(
            "answers-ensemble-certain", "ensemble-disagreement", members, certain, dict(zip("bcd", [other, other, other]))
        )
    )
    tie = np.log(np.full(10, 0.1)).tolist()
    cases.append(answer_case("answers-transform-tie", "transform-consistency", two, tie, dict(zip(keys, [tie, tie]))))

    (HERE / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
