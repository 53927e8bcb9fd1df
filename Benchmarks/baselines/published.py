"""Feature squeezing as Xu, Evans and Qi published it (2018), and an ensemble's disagreement, in a few lines each."""

import cv2
import numpy as np
from scipy.ndimage import median_filter

from pictures import MEMBERS, SERVED, Files, answers


def bits(x: np.ndarray, depth: int) -> np.ndarray:
    steps = np.float32(2**depth - 1)
    return np.rint(x * steps) / steps


def median(x: np.ndarray, size: int) -> np.ndarray:
    return median_filter(x, size=(1, 1, size, size), mode="reflect")


def non_local_means(x: np.ndarray, search: int, patch: int, strength: float) -> np.ndarray:
    levels = np.rint(x * 255).astype(np.uint8)
    smooth = [cv2.fastNlMeansDenoising(picture[0], None, strength, patch, search) for picture in levels]
    return np.stack(smooth)[:, None].astype(np.float32) / np.float32(255)


def squeezing(files: Files, squeezers: list) -> dict[str, np.ndarray]:
    """The largest L1 distance between the prediction and the prediction on a squeezed picture."""

    def score(x: np.ndarray) -> np.ndarray:
        plain = answers(SERVED, x)
        return np.max([np.abs(plain - answers(SERVED, squeeze(x))).sum(1) for squeeze in squeezers], axis=0)

    return {name: score(x) for name, x in (("clean", files.test), *files.sets.items())}


def squeezing_mnist(files: Files) -> dict[str, np.ndarray]:
    return squeezing(files, [lambda x: bits(x, 1), lambda x: median(x, 2)])


def squeezing_colour(files: Files) -> dict[str, np.ndarray]:
    return squeezing(files, [lambda x: bits(x, 4), lambda x: median(x, 2), lambda x: non_local_means(x, 11, 3, 4)])


def entropy(p: np.ndarray) -> np.ndarray:
    return -(p * np.log(np.maximum(p, 1e-30))).sum(-1)


def ensemble(files: Files) -> dict[str, np.ndarray]:
    """The Jensen–Shannon divergence of the served model's and both members' predictions."""

    def score(x: np.ndarray) -> np.ndarray:
        each = np.stack([answers(model, x) for model in (SERVED, *MEMBERS)])
        return entropy(each.mean(0)) - entropy(each).mean(0)

    return {name: score(x) for name, x in (("clean", files.test), *files.sets.items())}
