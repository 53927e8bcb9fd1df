"""What onnxruntime answers, as data for the tests of another implementation."""

import numpy as np

import export
from data import Splits
from models import ARCHITECTURES
from paths import ADVERSARIAL, GOLDEN

CLEAN, PER_ATTACK = 48, 8


def write_golden(parts: Splits) -> None:
    attacked = [np.load(ADVERSARIAL / f"{name}-float.npz")["x"][:PER_ATTACK] for name in ("fgsm-0.1", "pgd-0.05")]
    x = np.concatenate([parts.test.unit[:CLEAN], *attacked])
    GOLDEN.mkdir(exist_ok=True)
    for name in ARCHITECTURES:
        np.savez_compressed(GOLDEN / f"{name}.npz", x=x, logits=export.logits(name, x))
