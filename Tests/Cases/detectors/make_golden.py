"""Makes the golden cases of four detectors: pictures, their variants, and the components that follow from them.

    pip install -r requirements.txt && python3 make_golden.py

An independent computation of the definitions in Documentation/PluginGuide.md with numpy, scipy and Pillow; nothing of
Picket runs here. The "model" of these cases is a formula that the tests evaluate too: ten logits,
    logit[k] = 6 / sqrt(n) * sum over i of sin(0.37 * (k + 1 + shift) * (i + 1)) * pixel[i],
with i over the row's n numbers in planar order and shift 0 for the served model, 3 and 7 for the members.

Every random choice has its seed; the versions are in requirements.txt.
"""

import io
import itertools
import json
import pathlib

import numpy as np
import scipy.ndimage as ndimage
import scipy.stats
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


def scale(x, factor, _):
    grid = np.meshgrid(*[(n - 1) / 2 + (np.arange(n) - (n - 1) / 2) / factor for n in x.shape[1:]], indexing="ij")
    return np.array([ndimage.map_coordinates(plane, grid, order=1, mode="reflect") for plane in x])


def crop(x, share, draws):
    height, width = (max(1, round(share * n)) for n in x.shape[1:])
    top = int(next(draws) * (x.shape[1] - height + 1))
    left = int(next(draws) * (x.shape[2] - width + 1))
    rows = (np.arange(x.shape[1]) + 0.5) * height / x.shape[1] - 0.5
    columns = (np.arange(x.shape[2]) + 0.5) * width / x.shape[2] - 0.5
    part = x[:, top : top + height, left : left + width]
    grid = np.meshgrid(rows, columns, indexing="ij")
    return np.array([ndimage.map_coordinates(plane, grid, order=1, mode="nearest") for plane in part])


def flip(x, axis, _):
    return x[:, :, ::-1]


def blur(x, sigma, _):
    return ndimage.gaussian_filter(x, (0, sigma, sigma), mode="reflect", truncate=4)


def philox(seed, stream, count):
    """Philox4x32-10 (Salmon and others 2011): words [4, count] for the counters (0...count - 1, 0, stream, 0)."""
    mask = 0xFFFFFFFF
    words = [np.arange(count, dtype=np.uint64), *(np.full(count, w, np.uint64) for w in (0, stream, 0))]
    k0, k1 = seed & mask, seed >> 32
    for _ in range(10):
        a, b = words[0] * np.uint64(0xD2511F53), words[2] * np.uint64(0xCD9E8D57)
        words = [
            (b >> np.uint64(32)) ^ words[1] ^ np.uint64(k0), b & np.uint64(mask),
            (a >> np.uint64(32)) ^ words[3] ^ np.uint64(k1), a & np.uint64(mask),
        ]  # fmt: skip
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return np.array(words)


def gaussian(count, seed):
    """Number k of counter n belongs to element 64 (n / 16) + 16 k + n mod 16."""
    w = philox(seed, 1, 16 * -(-count // 64)).astype(np.float64)
    numbers = []
    for a, b in ((w[0], w[1]), (w[2], w[3])):
        radius = np.sqrt(-2 * np.log((np.floor(a / 2) + 0.5) * 2.0**-31))
        angle = 2 * np.pi * np.floor(b / 256) * 2.0**-24
        numbers += [radius * np.cos(angle), radius * np.sin(angle)]
    return np.array(numbers).reshape(4, -1, 16).transpose(1, 0, 2).ravel()[:count]


def unclamped_noise(x, sigma, draws):
    return x + sigma * gaussian(x.size, draws.seed()).reshape(x.shape)


def noise(x, sigma, draws):
    return np.clip(unclamped_noise(x, sigma, draws), 0, 1)


def deflection(x, settings, draws):
    x = x.copy()
    _, height, width = x.shape
    window = settings["window"]
    for w in philox(draws.seed(), 3, settings["pixels"]).T.astype(int).tolist():
        row, column = w[0] * height >> 32, w[1] * width >> 32
        top, left = max(row - window, 0), max(column - window, 0)
        rows = min(row + window, height - 1) - top + 1
        columns = min(column + window, width - 1) - left + 1
        x[:, row, column] = x[:, top + (w[2] * rows >> 32), left + (w[3] * columns >> 32)]
    return x


def combine(x, entries, draws):
    for entry in entries:
        ((transform, parameter),) = entry.items()
        x = TRANSFORMS[transform](x, parameter, draws).astype(np.float32)
    return x


TRANSFORMS = {
    "bit-depth": bit_depth, "median": median, "jpeg": jpeg, "shift": shift, "rotate": rotate,
    "random-rotate": random_rotate, "resize-pad": resize_pad, "scale": scale, "crop": crop, "flip": flip, "blur": blur,
    "noise": noise, "unclamped-noise": unclamped_noise, "deflection": deflection, "combine": combine,
}  # fmt: skip
DRAWN = {"random-rotate", "resize-pad", "crop", "noise", "unclamped-noise", "deflection"}


def is_drawn(transform, parameter):
    return transform in DRAWN or (transform == "combine" and any(DRAWN & set(entry) for entry in parameter))


def key(name, parameter, draw):
    if name == "shift":
        right, down = parameter if isinstance(parameter, list) else (parameter, 0)
        return f"shift:{right},{down}"
    if name == "deflection":
        return f"deflection:{parameter['pixels']},{parameter['window']}#{draw}"
    number = f"#{draw}" if is_drawn(name, parameter) else ""
    if name == "combine":
        return "+".join(key(*next(iter(e.items())), 0).partition("#")[0] for e in parameter) + number
    return f"{name}:{parameter}{number}"


class Draws:
    """A generator that says what it was told to: as numbers in 0..<1, or as it is."""

    def __init__(self, bits):
        self.bits = iter(bits)

    def __next__(self):
        return (self.seed() >> 11) * 2.0**-53

    def seed(self):
        return next(self.bits)


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


def statistics(row, t):
    """The numbers that compare a row's answer with its answer under a transform."""
    row, t = np.maximum(row, FLOOR), np.maximum(t, FLOOR)
    label = int(np.argmax(row))
    p, q = np.exp(row), np.exp(t)
    others = [k for k in range(len(row)) if k != label]
    second = max(others, key=lambda k: (row[k], -k)) if others else None
    moved = 0.0 if second is None else float((t[second] - t[label]) - (row[second] - row[label]))
    return {
        "l1": float(np.abs(p - q).sum()),
        "l2": float(np.linalg.norm(p - q)),
        "kl": float(np.sum(p * (row - t))),
        "js": jensen_shannon([row, t]),
        "margin": -margin(t, label),
        "drop": margin(row, label) - margin(t, label),
        "runner-up": moved,
        "label": float(int(np.argmax(t)) != label),
    }


def label_of(k):
    """A key in the letters of components' names; a first draw goes without its number."""
    name, _, draw = k.partition("#")
    return name.replace(",", ":").replace("+", "--") + (f":draw-{draw}" if draw not in ("", "0") else "")


def scoped(places):
    """Every component PLACE:STATISTIC, mean:STATISTIC and max:STATISTIC of {place: {statistic: value}}."""
    components = {f"{place}:{name}": value for place, all in places.items() for name, value in all.items()}
    for name in dict.fromkeys(name for all in places.values() for name in all):
        values = [all[name] for all in places.values() if name in all]
        components |= {f"mean:{name}": float(np.mean(values)), f"max:{name}": max(values)}
    return components


SQUEEZING = ["l1", "l2", "kl", "margin"]
CONSISTENCY = ["l1", "l2", "kl", "js", "margin", "drop", "runner-up", "label"]


def every(names):
    return [scope + name for name in names for scope in ("", "mean:", "max:")]


def squeezing(row, squeezed):
    return scoped({label_of(k): {n: statistics(row, s)[n] for n in SQUEEZING} for k, s in squeezed.items()})


def consistency(row, transformed):
    return scoped({label_of(k): statistics(row, t) for k, t in transformed.items()})


def entropy(logarithms):
    return float(-np.sum(np.exp(logarithms) * logarithms))


def ensemble(pictures, names):
    """`pictures`: {place: {model: log-probabilities}}, the served model's "" first; `names`: of members in components."""
    pictures = {p: {m: np.maximum(a, FLOOR) for m, a in models.items()} for p, models in pictures.items()}
    served = pictures["input"][""]
    label = int(np.argmax(served))
    names = {"": "served"} | names
    places = {}
    for place, models in pictures.items():
        answers = list(models.values())
        members = answers[1:]
        mean = logsumexp(members, axis=0) - np.log(len(members))
        labels = [int(np.argmax(a)) for a in answers]
        numbers = {
            "js": jensen_shannon(answers),
            "vote": float(np.mean([k != label for k in labels[1:]])),
            "variation-ratio": 1 - max(labels.count(k) for k in labels) / len(labels),
            "margin": -margin(mean, label),
            "mean-margin": -float(np.mean([margin(a, label) for a in members])),
        }
        if len(members) > 1:
            numbers["mutual-information"] = entropy(mean) - float(np.mean([entropy(a) for a in members]))
        if place != "input":
            numbers["cross"] = jensen_shannon([served, *members])
        for (one, a), (other, b) in itertools.combinations(models.items(), 2):
            numbers[f"js:{names[one]}:{names[other]}"] = jensen_shannon([a, b])
        for member, a in list(models.items())[1:]:
            numbers[f"margin:{names[member]}"] = -margin(a, label)
        places[place] = numbers
    others = [a for models in pictures.values() for a in list(models.values())[1:]]
    pooled = {"pooled:js": jensen_shannon([a for m in pictures.values() for a in m.values()])}
    return scoped(places) | pooled | reference(served, others)


def reference(answer, others):
    """How far an answer is from the mean of others' probabilities."""
    q = np.logaddexp.reduce(others) - np.log(len(others))
    return {
        "reference:hellinger": ((np.exp(answer / 2) - np.exp(q / 2)) ** 2).sum() / 2,
        "reference:kl": (np.exp(q) * (q - answer)).sum(),
        "reference:margin": -margin(q, int(np.argmax(answer))),
    }


def every_ensemble(members, squeezed):
    names = ["js", "vote", "variation-ratio", "margin", "mean-margin", "pairs", "margins"]
    names += ["mutual-information"] * (members > 1) + ["cross"] * squeezed
    return every(names) + ["pooled:js", "reference"]


def stability(row, copies, config):
    row = np.maximum(row, FLOOR)
    copies = [np.maximum(c, FLOOR) for c in copies]
    label = int(np.argmax(row))
    labels = [int(np.argmax(c)) for c in copies]
    counts = np.bincount(labels, minlength=len(row))
    order = sorted(range(len(row)), key=lambda k: (-counts[k], k))
    both = counts[order[0]] + counts[order[1]]
    margins = np.array([margin(c, label) for c in copies])
    return {
        "votes": 1 - counts[order[0]] / len(copies),
        "label": 1 - counts[label] / len(copies),
        "abstention": float(scipy.stats.binomtest(int(counts[order[0]]), int(both), 0.5).pvalue),
        "margin": -float(margins.mean()),
        "worst": -float(margins.min()),
        "drop": margin(row, label) - float(margins.mean()),
        "spread": float(margins.std()),
    }


STABILITY = ["votes", "label", "abstention", "margin", "worst", "drop", "spread"]


def certify(copies, deviation, alpha, selection):
    """Cohen, Rosenfeld, Kolter 2019, CERTIFY: radius and confidence, and the log shares of votes with one vote spread."""
    labels = [int(np.argmax(c)) for c in copies]
    classes = len(copies[0])
    top = int(np.argmax(np.bincount(labels[:selection], minlength=classes)))
    counts = np.bincount(labels[selection:], minlength=classes)
    n = int(counts.sum())
    bound = scipy.stats.beta.ppf(alpha, counts[top], n - counts[top] + 1) if counts[top] else 0.0
    radius = float(deviation * scipy.stats.norm.ppf(bound)) if bound > 0.5 else 0.0
    answer = np.log((counts + 1 / classes) / (n + 1)).tolist()
    facts = {"certified-radius": radius, "certificate-confidence": 1 - alpha if radius > 0 else 0.0}
    return facts, answer


def temper(logarithms, temperature):
    return log_softmax(np.maximum(logarithms, FLOOR) / temperature)


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
        if is_drawn(transform, parameter):
            draws[k] = [str(b) for b in bits]
        variants[k] = TRANSFORMS[transform](row, parameter, Draws(bits)).astype(np.float32)
    np.save(HERE / f"{name}.picture.npy", pixels)
    np.save(HERE / f"{name}.variants.npy", np.array(list(variants.values())))
    answers = {k: log_probabilities(v) for k, v in variants.items()}
    squeezes = plugin == "feature-squeezing"
    family, listed = (squeezing, "squeezers") if squeezes else (consistency, "transforms")
    return {
        "name": name, "plugin": plugin,
        "config": {listed: entries, "components": every(SQUEEZING if squeezes else CONSISTENCY)},
        "extents": list(pixels.shape), "classes": 10,
        "picture": f"{name}.picture.npy", "variants": list(variants), "variants_file": f"{name}.variants.npy",
        "draws": draws, "components": family(log_probabilities(row), answers),
    }  # fmt: skip


def draw_case(name, entries, count, pixels, seed):
    """`draw: count` of a list: each run of neighbours is one variant that chooses by its first number."""
    random = np.random.default_rng(seed)
    row = pixels.astype(np.float32) / np.float32(255)
    variants, draws, places = {}, {}, {}
    for slot in range(count):
        run = entries[slot * len(entries) // count : (slot + 1) * len(entries) // count]
        bits = [int(b) for b in random.integers(0, 2**64, 4, dtype=np.uint64)]
        numbers = Draws(bits)
        names = [key(*next(iter(e.items())), 0).partition("#")[0] for e in run]
        k = f"one-of({'|'.join(names)})#0" if len(run) > 1 else names[0]
        chosen = run[int(next(numbers) * len(run))] if len(run) > 1 else run[0]
        ((transform, parameter),) = chosen.items()
        variants[k] = TRANSFORMS[transform](row, parameter, numbers).astype(np.float32)
        draws[k] = [str(b) for b in bits]
        places[f"draw-{slot + 1}"] = statistics(log_probabilities(row), log_probabilities(variants[k]))
    np.save(HERE / f"{name}.picture.npy", pixels)
    np.save(HERE / f"{name}.variants.npy", np.array(list(variants.values())))
    return {
        "name": name, "plugin": "transform-consistency",
        "config": {"transforms": entries, "draw": count, "components": every(CONSISTENCY)},
        "extents": list(pixels.shape), "classes": 10, "picture": f"{name}.picture.npy", "variants": list(variants),
        "variants_file": f"{name}.variants.npy", "draws": draws, "components": scoped(places),
    }  # fmt: skip


def ensemble_case(name, pixels, squeezers, temperatures=None):
    row = pixels.astype(np.float32) / np.float32(255)
    np.save(HERE / f"{name}.picture.npy", pixels)
    variants = {}
    for entry in squeezers:
        ((transform, parameter),) = entry.items()
        variants[key(transform, parameter, 0)] = TRANSFORMS[transform](row, parameter, None).astype(np.float32)
    if variants:
        np.save(HERE / f"{name}.variants.npy", np.array(list(variants.values())))
    scale = dict(zip(MEMBERS, temperatures or [1, 1, 1]))
    pictures = {"input": row} | {label_of(k): v for k, v in variants.items()}
    answers = {p: {m: temper(log_probabilities(x, m), scale[m]) for m in MEMBERS} for p, x in pictures.items()}
    case = {
        "name": name, "plugin": "ensemble-disagreement",
        "config": {
            "members": ["member-b", "member-c"], "squeezers": squeezers,
            "components": every_ensemble(2, bool(squeezers)),
        },
        "extents": list(pixels.shape), "classes": 10, "picture": f"{name}.picture.npy", "variants": list(variants),
        "draws": {}, "components": ensemble(answers, {"member-b": "member-b", "member-c": "member-c"}),
    }  # fmt: skip
    if variants:
        case["variants_file"] = f"{name}.variants.npy"
    if temperatures:
        case["state"] = json.dumps({"temperatures": temperatures})
    return case


def answer_case(name, plugin, config, row, others):
    """Components from answers alone, -inf among them. `others`: by key or member."""
    answers = {"": row, **others}
    arrays = {k: np.array(v, dtype=np.float32).astype(np.float64) for k, v in answers.items()}
    own = arrays.pop("")
    written = {k: [None if np.isinf(x) else float(np.float32(x)) for x in v] for k, v in answers.items()}
    case = {
        "name": name, "plugin": plugin, "config": config, "extents": [1, 8, 8], "classes": len(row),
        "answers": written, "variants": [], "draws": {},
    }  # fmt: skip
    if plugin == "ensemble-disagreement":
        config["components"] = every_ensemble(len(arrays), False)
        case["components"] = ensemble({"input": {"": own, **arrays}}, {m: m for m in arrays})
    elif plugin == "noise-stability":
        config["components"] = STABILITY
        case["components"] = stability(own, list(arrays.values()), config)
        if "certify" in config:
            settings = config["certify"]
            case["facts"], case["answer"] = certify(
                list(arrays.values()), config["deviation"], settings["alpha"], settings["selection"]
            )
    else:
        squeezes = plugin == "feature-squeezing"
        config["components"] = every(SQUEEZING if squeezes else CONSISTENCY)
        case["components"] = (squeezing if squeezes else consistency)(own, arrays)
    return case


def noisy_case(name, pixels, deviation, copies, seed):
    """A picture's noisy copies, the model, and the components."""
    random = np.random.default_rng(seed)
    row = pixels.astype(np.float32) / np.float32(255)
    bits = [int(b) for b in random.integers(0, 2**64, copies, dtype=np.uint64)]
    variants = {
        f"unclamped-noise:{deviation}#{i}": unclamped_noise(row, deviation, Draws([b])).astype(np.float32)
        for i, b in enumerate(bits)
    }
    np.save(HERE / f"{name}.picture.npy", pixels)
    np.save(HERE / f"{name}.variants.npy", np.array(list(variants.values())))
    config = {"deviation": deviation, "samples": copies, "components": STABILITY}
    return {
        "name": name, "plugin": "noise-stability", "config": config, "extents": list(pixels.shape), "classes": 10,
        "picture": f"{name}.picture.npy", "variants": list(variants), "variants_file": f"{name}.variants.npy",
        "draws": {k: [str(b)] for k, b in zip(variants, bits)},
        "components": stability(log_probabilities(row), [log_probabilities(v) for v in variants.values()], config),
    }  # fmt: skip


def noise_case(name, seed, sharpness, copies, deviation, classes=10, certify=None):
    """A row's answer and its noisy copies': logits about common ones, `sharpness` how far from them."""
    random = np.random.default_rng(seed)
    common = 2 * random.standard_normal(classes)
    row, *others = [
        log_softmax(common + sharpness * random.standard_normal(classes)).tolist() for _ in range(copies + 1)
    ]
    config = {"deviation": deviation} | ({"certify": certify} if certify else {"samples": copies})
    keys = [f"unclamped-noise:{deviation}#{i}" for i in range(copies)]
    return answer_case(name, "noise-stability", config, row, dict(zip(keys, others)))


def random_answers(seed, sharpness, count, classes=10):
    random = np.random.default_rng(seed)
    return [log_softmax(sharpness * random.standard_normal(classes)).tolist() for _ in range(count)]


def random_pair(seed):
    row, other = random_answers(seed, 3, 2)
    return row, {"b": other}


def main():
    squeezers = [{"bit-depth": b} for b in (1, 3, 5, 8)] + [{"median": n} for n in (2, 3, 4, 5)]
    transforms = [
        {"jpeg": 75}, {"jpeg": 20}, {"shift": 1}, {"shift": [-2, 3]}, {"rotate": 5}, {"rotate": -11.5},
        {"resize-pad": 2}, {"resize-pad": 2}, {"resize-pad": 4}, {"random-rotate": 10}, {"median": 2}, {"scale": 1.05},
        {"scale": 0.9}, {"crop": 0.9}, {"crop": 0.7}, {"flip": "horizontal"}, {"blur": 0.7}, {"noise": 0.02},
        {"noise": 0.02}, {"deflection": {"pixels": 20, "window": 3}}, {"combine": [{"bit-depth": 4}, {"median": 3}]},
        {"combine": [{"crop": 0.9}, {"shift": [0, -1]}, {"noise": 0.05}]},
    ]  # fmt: skip
    shapes = {"grey": (1, 28, 28), "colour": (3, 24, 20), "odd": (3, 9, 21), "two-channels": (2, 11, 6)}
    cases = []
    for seed, (name, shape) in enumerate(shapes.items(), start=1):
        pixels = picture(seed, *shape)
        chosen = [t for t in transforms if shape[0] != 2 or "jpeg" not in t]
        cases.append(picture_case(f"squeeze-{name}", "feature-squeezing", squeezers, pixels, 100 + seed))
        cases.append(picture_case(f"transform-{name}", "transform-consistency", chosen, pixels, 200 + seed))
        cases.append(noisy_case(f"noise-{name}", pixels, 0.25, 6, 400 + seed))
        squeezed = [{"median": 2}, {"bit-depth": 3}] if name != "odd" else []
        temperatures = [1.5, 0.75, 2.25] if name in ("colour", "odd") else None
        cases.append(ensemble_case(f"ensemble-{name}", pixels, squeezed, temperatures))
        cases.append(draw_case(f"draw-{name}", [t for t in chosen if t != {"median": 2}][1::2], 2, pixels, 300 + seed))

    keys = ["shift:1,0", "median:3"]

    def two():
        return {"transforms": [{"shift": 1}, {"median": 3}]}

    def members(names="bcd"):
        return {"members": list(names)}

    for seed, sharpness in enumerate((0.1, 1, 5, 40, 300), start=1):
        row, *others = random_answers(seed, sharpness, 4)
        cases.append(
            answer_case(f"answers-transform-{sharpness}", "transform-consistency", two(), row, dict(zip(keys, others)))
        )
        cases.append(
            answer_case(
                f"answers-ensemble-{sharpness}", "ensemble-disagreement", members(), row, dict(zip("bcd", others))
            )
        )
        squeezed = dict(zip(["bit-depth:2", "median:3"], others))
        config = {"squeezers": [{"bit-depth": 2}, {"median": 3}]}
        cases.append(answer_case(f"answers-squeeze-{sharpness}", "feature-squeezing", config, row, squeezed))
    certain = [0.0] + [-np.inf] * 9
    other = [-np.inf] * 9 + [0.0]
    cases.append(
        answer_case("answers-transform-certain", "transform-consistency", two(), certain, dict(zip(keys, [other, certain])))
    )
    cases.append(
        answer_case(
            "answers-ensemble-certain", "ensemble-disagreement", members(), certain, dict(zip("bcd", [other, other, other]))
        )
    )
    cases.append(answer_case("answers-ensemble-pair", "ensemble-disagreement", members("b"), *random_pair(7)))
    for seed, sharpness in enumerate((0, 0.2, 1, 3, 10), start=20):
        cases.append(noise_case(f"noise-{sharpness}", seed, sharpness, 9, 0.25))
    for seed, (sharpness, alpha, n0, n) in enumerate(
        [(0.1, 0.001, 10, 100), (0.8, 0.001, 16, 60), (0.8, 0.05, 16, 60), (0.6, 0.01, 1, 40), (4, 0.001, 8, 20)], start=40
    ):
        settings = {"alpha": alpha, "selection": n0, "estimation": n}
        cases.append(noise_case(f"certify-{seed}", seed, sharpness, n0 + n, 0.5, 6, settings))
    tie = np.log(np.full(10, 0.1)).tolist()
    cases.append(answer_case("answers-transform-tie", "transform-consistency", two(), tie, dict(zip(keys, [tie, tie]))))

    binomials = []
    for n in (1, 2, 7, 40, 128, 320):
        for k in sorted({0, 1, n // 2, (n + 1) // 2, (3 * n + 3) // 4, n - 1, n}):
            for alpha in (0.001, 0.05):
                bound = float(scipy.stats.beta.ppf(alpha, k, n - k + 1)) if k else 0.0
                test = float(scipy.stats.binomtest(k, n, 0.5).pvalue)
                quantile = float(scipy.stats.norm.ppf(bound)) if bound > 0.5 else None
                binomials.append(
                    {"n": n, "k": k, "alpha": alpha, "bound": bound, "test": test, "quantile": quantile}
                )
    (HERE / "binomials.json").write_text("[\n" + ",\n".join(map(json.dumps, binomials)) + "\n]\n")
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "cases.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
