"""The served classifier and an ensemble member: [n,3,32,32] in [0,1] to logits [n,10]. And an autoencoder."""

from dataclasses import dataclass

import torch
from torch import nn


class Standardise(nn.Module):
    """The mean and the standard deviation of the training pixels, taken out in the graph itself."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.491, 0.482, 0.447]).view(1, 3, 1, 1), persistent=False)
        deviation = torch.tensor([0.247, 0.243, 0.262]).view(1, 3, 1, 1)
        self.register_buffer("deviation", deviation, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.deviation


def convolution(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs)]


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(*convolution(channels, channels), nn.ReLU(), *convolution(channels, channels))
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(x + self.body(x))


def cifar_resnet() -> nn.Module:
    """The served one: a narrow residual network that is strided early."""
    return nn.Sequential(
        Standardise(),
        *convolution(3, 24), nn.ReLU(),
        *convolution(24, 48, 2), nn.ReLU(), Residual(48),
        *convolution(48, 96, 2), nn.ReLU(), Residual(96),
        *convolution(96, 192, 2), nn.ReLU(), Residual(192),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(192, 10),
    )  # fmt: skip


def cifar_cnn() -> nn.Module:
    """No shortcut, large first kernels, average pooling, leaky units, a dense head."""
    return nn.Sequential(
        Standardise(),
        nn.Conv2d(3, 32, 5, padding=2, stride=2, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.1),
        *convolution(32, 64), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
        *convolution(64, 128), nn.LeakyReLU(0.1), *convolution(128, 128), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
        nn.Flatten(), nn.Dropout(0.2),
        nn.Linear(128 * 4 * 4, 128), nn.LeakyReLU(0.1),
        nn.Linear(128, 10),
    )  # fmt: skip


class Doubled(nn.Module):
    """Each pixel twice along both axes, as two matrix products: every inference core has those."""

    def __init__(self, side: int) -> None:
        super().__init__()
        rows = torch.eye(side).repeat_interleave(2, 0)
        self.register_buffer("rows", rows, persistent=False)
        self.register_buffer("columns", rows.T.contiguous(), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rows @ x @ self.columns


def cifar_autoencoder() -> nn.Module:
    """[n,3,32,32] to [n,3,32,32], both in [0,1], after Meng and Chen 2017 (MagNet): 3,072 numbers through 2,048."""
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 48, 3, padding=1, stride=2), nn.ReLU(),
        nn.Conv2d(48, 8, 3, padding=1),
        nn.Conv2d(8, 48, 3, padding=1), nn.ReLU(),
        Doubled(16),
        nn.Conv2d(48, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 3, 3, padding=1), nn.Sigmoid(),
    )  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    epochs: int
    peak_rate: float
    # Shifts by up to so many pixels; every other picture is mirrored.
    shift: int = 2


ARCHITECTURES = {
    "cifar-resnet": cifar_resnet,
    "cifar-cnn": cifar_cnn,
    "cifar-autoencoder": cifar_autoencoder,
}
RECIPES = {
    "cifar-resnet": Recipe(epochs=10, peak_rate=8e-3),
    "cifar-cnn": Recipe(epochs=12, peak_rate=4e-3),
    "cifar-autoencoder": Recipe(epochs=3, peak_rate=4e-3, shift=0),
}
SERVED, AUTOENCODER = "cifar-resnet", "cifar-autoencoder"
