"""Makes the golden cases of the detectors that learn, and of reconstruction: what they see, and the components that follow.

    pip install -r requirements.txt && python3 make_cases.py

An independent computation of the definitions in Documentation/Detectors with numpy, scipy and scikit-learn; nothing of Picket
runs here. Every random choice has its seed; the versions are in requirements.txt.
"""

import json
import pathlib
import struct

import numpy as np
import scipy.ndimage as ndimage
from scipy.special import log_softmax, logsumexp, rel_entr
from scipy.spatial.distance import cdist
from sklearn.covariance import ledoit_wolf
from sklearn.mixture import GaussianMixture

HERE = pathlib.Path(__file__).resolve().parent
MASK = 2**64 - 1


def save(name, array):
    np.save(HERE / f"{name}.npy", array)
    return f"{name}.npy"


# feature-space
def splitmix(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        bits = state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        yield bits ^ (bits >> 31)


def projection(inputs, outputs):
    words = splitmix((inputs << 32) | outputs)
    bits = []
    while len(bits) < inputs * outputs:
        word = next(words)
        bits += [word >> k & 1 for k in range(64)]
    signs = np.array(bits[: inputs * outputs]).reshape(outputs, inputs) * 2 - 1
    return signs / np.sqrt(outputs)


def pooled(layer, bound):
    """[n, C, …] to [n, D]."""
    n, channels = layer.shape[:2]
    flat = layer.reshape(n, channels, -1).astype(np.float64)
    if flat.shape[2] > 1:
        parts = [flat.mean(2), flat.std(2), (flat > 0).mean(2)]
    else:
        parts = [flat[:, :, 0]]
    if channels * len(parts) > bound:
        matrix = projection(channels, bound // len(parts))
        parts = [part @ matrix.T for part in parts]
    return np.concatenate(parts, axis=1)


def measures(fit, labels, rows, served, classes, k):
    """The measures of rows in one layer's space; labels None: no classes."""
    centre, deviation = fit.mean(0), fit.std(0)
    deviation = np.maximum(deviation, np.sqrt((deviation**2).mean()) / 1000)
    fit, rows = (fit - centre) / deviation, (rows - centre) / deviation
    means = np.zeros((max(classes, 1), fit.shape[1]))
    residuals = fit.copy()
    if labels is not None:
        for label in range(classes):
            mine = labels == label
            means[label] = fit[mine].sum(0) / (mine.sum() + 1)
            residuals[mine] -= means[label]
    covariance, _ = ledoit_wolf(residuals, assume_centered=True)
    empirical_trace = (residuals**2).sum() / len(residuals)
    covariance += 1e-6 * empirical_trace / fit.shape[1] * np.eye(fit.shape[1])
    inverse = np.linalg.inv(covariance)
    to_means = np.array([[(r - m) @ inverse @ (r - m) for m in means] for r in rows])
    distances = cdist(rows, fit)
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    kth = np.take_along_axis(distances, order, 1)[:, -1]
    if labels is None:
        return {"mahalanobis": to_means[:, 0], "knn": kth}
    own = to_means[np.arange(len(rows)), served]
    others = to_means.copy()
    others[np.arange(len(rows)), served] = np.inf
    return {
        "mahalanobis": own,
        "mahalanobis-min": to_means.min(1),
        "mahalanobis-margin": own - others.min(1),
        "knn": kth,
        "dknn": (labels[order] != served[:, None]).mean(1),
    }


def feature_space_case(name, seed, classes, config, k, bound):
    random = np.random.default_rng(seed)
    fitted, scored = 90, 8
    n = fitted + scored
    truth = random.integers(0, max(classes - 1, 1), n)  # the last class is never seen
    layers = {
        "early": random.standard_normal((n, 4, 6, 6)) + 0.4 * truth[:, None, None, None],
        "middle": np.maximum(random.standard_normal((n, 6, 3, 4)) * (1 + truth[:, None, None, None]), 0),
        "late": random.standard_normal((n, 12)) + 2 * (np.arange(12)[None] % 4 == truth[:, None] % 4),
    }
    layers["middle"][:, 2] = 0  # a dead channel
    layers["late"][-scored:] += 3 * random.standard_normal((scored, 12))
    layers = {k: v.astype(np.float32) for k, v in layers.items()}
    logits = random.standard_normal((n, max(classes, 1))) + 4 * (np.arange(max(classes, 1))[None] == truth[:, None])
    logits[-1, -1] = 20  # the served class is the one that the fit did not see
    answers = log_softmax(logits, axis=1).astype(np.float32)
    given = truth[:fitted].copy()
    given[random.random(fitted) < 0.2] = -1
    served = answers.argmax(1)
    labels = np.where(given < 0, served[:fitted], given) if classes else None
    expected = [{} for _ in range(scored)]
    for layer, values in layers.items():
        space = pooled(values, bound)
        found = measures(space[:fitted], labels, space[fitted:], served[fitted:], classes, k)
        for measure, numbers in found.items():
            for row, number in enumerate(numbers):
                expected[row][f"{layer}:{measure}"] = float(number)
    return {
        "name": name, "classes": classes, "config": config, "fitted": fitted, "labels": [int(g) for g in given],
        "answers": save(f"{name}.answers", answers),
        "layers": {k: {"file": save(f"{name}.{k}", v), "extents": list(v.shape[1:])} for k, v in layers.items()},
        "components": expected,
    }  # fmt: skip


# input-statistics
def picture(seed, channels, height, width):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    phase = random.uniform(0, 6, 3)
    smooth = [np.sin(0.5 * x + phase[0] + c) * np.cos(0.3 * y + phase[1] - c) for c in range(channels)]
    noisy = 0.5 + 0.3 * np.array(smooth) + 0.03 * random.standard_normal((channels, height, width))
    noisy[:, :, : width // 3] = 0
    return np.rint(255 * np.clip(noisy, 0, 1)).astype(np.uint8)


def centres(height, width, limit):
    high, wide = height - 2, width - 2
    step = 1
    while -(-high // step) * -(-wide // step) > limit:
        step += 1
    rows = range(1 + (high - 1) % step // 2, high + 1, step)
    columns = range(1 + (wide - 1) % step // 2, wide + 1, step)
    return [(y, x) for y in rows for x in columns]


def patches(planes, at):
    return np.array([planes[:, y - 1 : y + 2, x - 1 : x + 2].ravel() for y, x in at], dtype=np.float64)


def textured(pixels, threshold):
    grey = pixels.astype(np.float64).sum(0)
    blurred = ndimage.uniform_filter(np.pad(grey, 1, mode="edge"), 3)[1:-1, 1:-1]
    span = ndimage.maximum_filter(blurred, 3, mode="nearest") - ndimage.minimum_filter(blurred, 3, mode="nearest")
    return span / len(pixels) >= threshold - 1e-9


def state(mixture):
    whitenings, constants = [], []
    for weight, covariance in zip(mixture.weights_, mixture.covariances_):
        inverse = np.linalg.inv(np.linalg.cholesky(covariance))
        whitenings += [inverse[i, j] for i in range(len(inverse)) for j in range(i + 1)]
        constants.append(np.log(weight) - 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1])
    size, dimension = mixture.means_.shape
    floats = np.array([*constants, *mixture.means_.ravel(), *whitenings], dtype="<f4")
    return b"PKIS" + struct.pack("<III", 1, dimension, size) + floats.tobytes()


def input_statistics_case(name, seed, shape, grey, limit, threshold, size):
    fitted = [picture(seed + i, *shape) for i in range(12)]
    planes = lambda p: p.astype(np.float64).mean(0, keepdims=True) if grey else p.astype(np.float64)
    at = centres(*shape[1:], limit)
    mixture = GaussianMixture(size, reg_covar=1 / 12, random_state=seed, max_iter=30)
    mixture.fit(np.concatenate([patches(planes(p), at) for p in fitted]))
    (HERE / f"{name}.state").write_bytes(state(mixture))
    rows = np.array([picture(seed + 100 + i, *shape) for i in range(3)])
    random = np.random.default_rng(seed)
    rows[2] = np.clip(rows[2] + 20 * random.choice([-1, 1], shape), 0, 255)
    expected = []
    for pixels in rows:
        likelihood = -mixture.score_samples(patches(planes(pixels), at))
        mask = textured(pixels, threshold)
        chosen = [likelihood[i] for i, (y, x) in enumerate(at) if mask[y, x]]
        row = {
            "patches:mean": likelihood.mean(),
            "patches:upper": np.sort(likelihood)[int(np.ceil(0.95 * len(likelihood))) - 1],
            "patches:max": likelihood.max(),
            "patches:textured": np.mean(chosen) if chosen else likelihood.mean(),
        }
        for side in (3, 5):
            denoised = ndimage.median_filter(pixels, size=(1, side, side), mode="reflect")
            after = -mixture.score_samples(patches(planes(denoised), at))
            inside = np.array([mask[y, x] for y, x in at])
            row[f"median:{side}:excess"] = (likelihood - after).mean()
            row[f"median:{side}:excess-textured"] = (likelihood - after)[inside if inside.any() else slice(None)].mean()
            residual = ((pixels.astype(float) - denoised) ** 2).mean(0)
            row[f"median:{side}:energy-flat"] = residual[~mask].mean() if (~mask).any() else 0
            row[f"median:{side}:energy-textured"] = residual[mask].mean() if mask.any() else 0
        expected.append({k: float(v) for k, v in row.items()})
    config = {
        "colour": "grey" if grey else "all", "patches": limit, "texture": threshold, "mixture": size,
        "denoisers": [{"median": 3}, {"median": 5}], "components": ["patches", "excess", "energy"],
    }  # fmt: skip
    return {
        "name": name, "extents": list(shape), "config": config, "state": f"{name}.state",
        "rows": save(f"{name}.rows", rows), "components": expected,
    }  # fmt: skip


def mixture_case():
    """What scikit-learn's mixture says of held-out pictures: a fit that is as good says as much."""
    shape, size = (1, 18, 20), 8
    fitted = np.array([picture(500 + i, *shape) for i in range(40)])
    held = np.array([picture(900 + i, *shape) for i in range(10)])
    at = centres(*shape[1:], 10**6)
    mixture = GaussianMixture(size, reg_covar=1 / 12, random_state=0, n_init=3, max_iter=200, init_params="k-means++")
    mixture.fit(np.concatenate([patches(p.astype(np.float64), at) for p in fitted]))
    score = -np.mean([mixture.score(patches(p.astype(np.float64), at)) for p in held])
    return {
        "extents": list(shape), "size": size, "fitted": save("mixture.fitted", fitted), "held": save("mixture.held", held),
        "mean": float(score),
    }  # fmt: skip


# reconstruction
def logits(x):
    """The served model of these cases: a formula that the tests evaluate too."""
    flat = x.astype(np.float64).ravel()
    weights = np.sin(0.37 * np.arange(1, 6)[:, None] * np.arange(1, flat.size + 1))
    return 6 / np.sqrt(flat.size) * (weights @ flat)


def jensen_shannon(p, q):
    mean = (p + q) / 2
    return float((rel_entr(p, mean).sum() + rel_entr(q, mean).sum()) / 2)


def reconstruction_case(name, seed, shape, grid, bounds):
    random = np.random.default_rng(seed)
    pixels = picture(seed, *shape)
    row = pixels.astype(np.float32) / np.float32(255)
    low, high = bounds
    drawn = (low + (high - low) * (row + 0.2 * random.standard_normal(shape))).astype(np.float32)
    held = np.clip((drawn - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    if grid:
        held = np.rint(held * np.float32(255)) / np.float32(255)
    p, t = log_softmax(logits(row)), log_softmax(logits(held))
    label, runner = np.argsort(-p)[:2]
    others = np.delete(t, label)
    difference = row.astype(np.float64) - held
    expected = {
        "l1": float(np.abs(difference).mean()),
        "l2": float(np.sqrt((difference**2).mean())),
        "margin": float(others.max() - t[label]),
        "runner-up": float((t[runner] - t[label]) - (p[runner] - p[label])),
        "label": float(t.argmax() != label),
    }
    for temperature in (10, 40):
        soft = [np.exp(log_softmax(x / temperature)) for x in (p, t)]
        expected[f"js:t{temperature}"] = jensen_shannon(*soft)
    return {
        "name": name, "extents": list(shape), "grid": grid, "range": list(bounds), "row": save(f"{name}.row", pixels),
        "drawn": save(f"{name}.drawn", drawn), "components": expected,
    }  # fmt: skip


def main():
    cases = {
        "feature_space": [
            feature_space_case("features", 1, 5, {"neighbours": 7}, 7, 256),
            feature_space_case("features-projected", 2, 3, {"neighbours": 3, "dimensions": 10}, 3, 10),
            feature_space_case("features-embedding", 3, 0, {}, 10, 256),
        ],
        "input_statistics": [
            input_statistics_case("statistics-grey", 20, (1, 20, 24), False, 2048, 16, 6),
            input_statistics_case("statistics-colour", 40, (3, 17, 19), False, 64, 8, 4),
            input_statistics_case("statistics-mean", 60, (3, 17, 19), True, 100, 16, 5),
        ],
        "mixture": mixture_case(),
        "reconstruction": [
            reconstruction_case("reconstruction-grid", 7, (1, 8, 9), True, (0, 1)),
            reconstruction_case("reconstruction-range", 8, (3, 6, 7), False, (-1, 1)),
        ],
    }
    (HERE / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
