"""adversarial-robustness-toolbox's own detectors, as it ships them.

The two binary detectors are classifiers that have to be shown attacks. They are shown training pictures under FGSM at
0.08 and PGD at 0.07, budgets that no set here has, but families that some have.
"""

from functools import cache

import numpy as np
import torch
from art.attacks.evasion import FastGradientMethod, ProjectedGradientDescentPyTorch
from art.defences.detector.evasion import BinaryActivationDetector, BinaryInputDetector, SubsetScanningDetector
from art.estimators.classification import PyTorchClassifier
from torch import nn

from pictures import SERVED, Files, probabilities, training_pictures

SHOWN, BACKGROUND, EPOCHS, SEED = 3_000, 1_000, 10, 1
# Of the served model's modules: the hidden dense layer, before its activation.
LAYER = 14


def wrapped(model: nn.Module, shape: tuple[int, ...], classes: int) -> PyTorchClassifier:
    return PyTorchClassifier(
        model=model,
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.Adam(model.parameters(), 1e-3),
        input_shape=shape,
        nb_classes=classes,
        clip_values=(0.0, 1.0) if len(shape) == 3 else None,
        device_type="cpu",
    )


def served() -> PyTorchClassifier:
    import export

    return wrapped(export.exported(SERVED), (1, 28, 28), 10)


@cache
def shown() -> tuple[np.ndarray, np.ndarray]:
    """As many clean rows as attacked ones, and the two-column labels that the detectors want. On the 8-bit grid: else
    they would learn to tell whole grey levels from others."""
    target, (x, y) = served(), training_pictures(2 * SHOWN)
    half = SHOWN // 2
    steps = FastGradientMethod(target, eps=0.08)
    many = ProjectedGradientDescentPyTorch(target, eps=0.07, eps_step=0.01, max_iter=10, verbose=False)
    attacked = np.concatenate((steps.generate(x[:half], y[:half]), many.generate(x[half:SHOWN], y[half:SHOWN])))
    attacked = np.rint(attacked * 255).astype(np.float32) / np.float32(255)
    return np.concatenate((x[SHOWN:], attacked)), np.eye(2, dtype=np.float32)[np.repeat([0, 1], SHOWN)]


def over_files(files: Files, score) -> dict[str, np.ndarray]:
    return {name: score(x) for name, x in (("clean", files.test), *files.sets.items())}


def second_column(detector, x: np.ndarray) -> np.ndarray:
    return probabilities(detector.detect(x)[0]["predictions"])[:, 1]


def binary_input(files: Files) -> dict[str, np.ndarray]:
    torch.manual_seed(SEED)
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 64), nn.ReLU(), nn.Linear(64, 2),
    )  # fmt: skip
    detector = BinaryInputDetector(wrapped(network, (1, 28, 28), 2))
    detector.fit(*shown(), nb_epochs=EPOCHS)
    network.eval()
    return over_files(files, lambda x: second_column(detector, x))


def binary_activation(files: Files) -> dict[str, np.ndarray]:
    torch.manual_seed(SEED)
    target = served()
    network = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 2))
    detector = BinaryActivationDetector(target, wrapped(network, (128,), 2), layer=LAYER)
    detector.fit(*shown(), nb_epochs=EPOCHS)
    return over_files(files, lambda x: second_column(detector, x))


def subset_scanning(files: Files) -> dict[str, np.ndarray]:
    background, _ = training_pictures(BACKGROUND)
    detector = SubsetScanningDetector(served(), background, layer=LAYER, verbose=False)
    return over_files(files, lambda x: detector.detect(x)[0]["scores"])
