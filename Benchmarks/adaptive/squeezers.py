"""The guard's transforms in torch. Pictures float32 [n,c,h,w] in [0,1].

The forward pass is the real one. Median, non-local means and blur have gradients of their own; rounding and JPEG pass
the gradient through as if they were not there (BPDA: Athalye, Carlini, Wagner, ICML 2018).
"""

import io
import math

import numpy as np
import torch
from PIL import Image
from torch.nn import functional


def straight_through(x: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    return x + (real - x).detach()


def on_levels(x: torch.Tensor, steps: int = 255) -> torch.Tensor:
    return straight_through(x, (x * steps).round() / steps)


def jpeg(x: torch.Tensor, quality: int) -> torch.Tensor:
    pictures = (x.detach() * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    back = []
    for picture in pictures:
        file = io.BytesIO()
        Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture).save(file, "JPEG", quality=quality)
        back.append(np.asarray(Image.open(file), np.float32).reshape(picture.shape) / 255)
    return straight_through(x, torch.from_numpy(np.stack(back)).permute(0, 3, 1, 2))


def mirrored(x: torch.Tensor, before: int, after: int) -> torch.Tensor:
    """Continued beyond the edges as its mirror image, the edge pixel first."""
    for axis in (2, 3):
        x = torch.cat((x.narrow(axis, 0, before).flip(axis), x, x.narrow(axis, -after, after).flip(axis)), axis)
    return x


def median(x: torch.Tensor, side: int) -> torch.Tensor:
    before = side // 2
    wide = mirrored(x, before, max(side - 1 - before, 1))[..., : x.shape[2] + side - 1, : x.shape[3] + side - 1]
    windows = wide.unfold(2, side, 1).unfold(3, side, 1).flatten(-2)
    return windows.sort(-1).values[..., side * side // 2]


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    radius = int(4 * sigma + 0.5)
    weights = torch.exp(-torch.arange(-radius, radius + 1).square() / (2 * sigma * sigma))
    weights = (weights / weights.sum()).repeat(x.shape[1], 1, 1, 1)
    wide = mirrored(x, radius, radius)
    wide = functional.conv2d(wide, weights.transpose(2, 3), groups=x.shape[1])
    return functional.conv2d(wide, weights, groups=x.shape[1])


def non_local_means(x: torch.Tensor, search: int, window: int, strength: float) -> torch.Tensor:
    height, width = x.shape[2:]
    reach, half = search // 2, window // 2
    levels = functional.pad(on_levels(x) * 255, [reach + half] * 4, mode="reflect")
    pixels = functional.pad(x, [reach] * 4, mode="reflect")
    centre = levels[..., reach : reach + height + 2 * half, reach : reach + width + 2 * half]
    total, sums = torch.zeros_like(x[:, :1]), torch.zeros_like(x)
    unit = window * window * x.shape[1] * strength**2
    for top in range(search):
        for left in range(search):
            other = levels[..., top : top + height + 2 * half, left : left + width + 2 * half]
            square = (centre - other).square().sum(1, keepdim=True)
            distance = functional.avg_pool2d(square, window, 1) * window**2
            weight = torch.exp(-distance / unit)
            weight = weight * (distance <= unit * math.log(1000))
            total = total + weight
            sums = sums + weight * pixels[..., top : top + height, left : left + width]
    return sums / total


def textured(x: torch.Tensor, levels: int = 16) -> torch.Tensor:
    """Inner pixels around which the picture, blurred by a 3 × 3 box, spans so many grey levels; bool [n, patches]."""
    sums = (x.detach() * 255).round().sum(1, keepdim=True)
    blurred = functional.avg_pool2d(functional.pad(sums, [1] * 4, mode="replicate"), 3, 1, divisor_override=1)
    edged = functional.pad(blurred, [1] * 4, mode="replicate")
    span = functional.max_pool2d(edged, 3, 1) + functional.max_pool2d(-edged, 3, 1)
    return (span >= 9 * x.shape[1] * levels)[:, 0, 1:-1, 1:-1].flatten(1)


def squeezed(x: torch.Tensor, key: str) -> torch.Tensor:
    """By the key that components' names begin with, such as `nlm:13:3:10`."""
    name, *numbers = key.split(":")
    match name:
        case "input":
            return x
        case "bit-depth":
            return on_levels(x, 2 ** int(numbers[0]) - 1)
        case "median":
            return median(x, int(numbers[0]))
        case "jpeg":
            return jpeg(x, int(numbers[0]))
        case "blur":
            return blur(x, float(numbers[0]))
        case "nlm":
            return non_local_means(x, int(numbers[0]), int(numbers[1]), float(numbers[2]))
    raise SystemExit(f"{key}: not among the transforms that the attacker has rebuilt")
