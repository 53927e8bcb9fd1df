"""The served classifier and two ensemble members. Each maps [n,1,28,28] in [0,1] to logits [n,10]."""

from dataclasses import dataclass

import torch
from torch import nn


def fashion_cnn() -> nn.Module:
    """The served one: three 3×3 convolutions with batch normalisation and max pooling."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.BatchNorm2d(128), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.4),
        nn.Linear(128 * 3 * 3, 128), nn.ReLU(), nn.Dropout(0.3),
        nn.Linear(128, 10),
    )  # fmt: skip


class Standardise(nn.Module):
    """The mean and the standard deviation of the training pixels, taken out in the graph itself."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - 0.286) / 0.353


def fashion_b() -> nn.Module:
    """Large kernels, average pooling, leaky units, a wide dense head, no batch normalisation."""
    return nn.Sequential(
        Standardise(),
        nn.Conv2d(1, 16, 7, padding=3), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
        nn.Conv2d(16, 48, 5, padding=2), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
        nn.Flatten(), nn.Dropout(0.3),
        nn.Linear(48 * 7 * 7, 96), nn.LeakyReLU(0.1), nn.Dropout(0.2),
        nn.Linear(96, 10),
    )  # fmt: skip


def separable(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, inputs, 3, stride=stride, padding=1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.Hardswish(),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
    ]


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(*separable(channels, channels, 1))
        self.act = nn.Hardswish()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(x + self.body(x))


def fashion_c() -> nn.Module:
    """Residual, depthwise separable, hard swish, global average pooling: a small MobileNet."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(32), nn.Hardswish(),
        *separable(32, 96, 2), nn.Hardswish(),
        Residual(96), Residual(96), Residual(96),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2),
        nn.Linear(96, 10),
    )  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    epochs: int
    peak_rate: float
    # Augmentation: shifts by up to so many pixels, mirroring of every other picture.
    shift: int
    mirror: bool


ARCHITECTURES = {"fashion-cnn": fashion_cnn, "fashion-b": fashion_b, "fashion-c": fashion_c}
RECIPES = {
    "fashion-cnn": Recipe(epochs=14, peak_rate=4e-3, shift=2, mirror=True),
    "fashion-b": Recipe(epochs=10, peak_rate=2e-3, shift=0, mirror=False),
    "fashion-c": Recipe(epochs=14, peak_rate=6e-3, shift=0, mirror=True),
}
SERVED = "fashion-cnn"
