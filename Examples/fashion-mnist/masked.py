"""Gradient attacks that may be held to chosen pixels, and that look at the rounded picture at every step.

Written out here because the toolbox rounds nothing: an attack that is rounded afterwards loses rows that one which
knows about the rounding keeps. Each returns the best float picture and the best picture on the 8-bit grid. All take the
classifier, x float32 [n,1,28,28] in [0,1], y, and the mask of the pixels that may change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

Classifier = Callable[[Tensor], Tensor]


def margins(logits: Tensor, y: Tensor) -> Tensor:
    """Best wrong logit minus the right one: positive where misclassified."""
    rivals = logits.scatter(1, y[:, None], -torch.inf)
    return rivals.max(1).values - logits.gather(1, y[:, None])[:, 0]


def norms(change: Tensor) -> Tensor:
    return change.flatten(1).norm(dim=1)[:, None, None, None]


def on_grid(x: Tensor, x0: Tensor, reach: int | None) -> Tensor:
    """The nearest grey levels that are no further than `reach` levels from the clean picture."""
    levels, clean = torch.round(x * 255), torch.round(x0 * 255)
    if reach is not None:
        levels = torch.minimum(torch.maximum(levels, clean - reach), clean + reach)
    return levels.clamp(0, 255) / 255


@dataclass
class Best:
    """The best picture so far of each row, by a value that is the better the larger; -inf where it is not allowed."""

    x: Tensor
    value: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.x = self.x.clone()
        self.value = torch.full((len(self.x),), -torch.inf)

    def offer(self, x: Tensor, value: Tensor) -> None:
        better = value > self.value
        self.x[better], self.value[better] = x[better].detach(), value[better]


def levels_within(eps: float) -> int:
    return int(eps * 255 + 1e-9)


def gradient(model: Classifier, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Of the cross-entropy, and the logits' margins."""
    x = x.detach().requires_grad_()
    logits = model(x)
    loss = functional.cross_entropy(logits, y, reduction="sum")
    return torch.autograd.grad(loss, x)[0], margins(logits.detach(), y)


def fgsm(model: Classifier, x0: Tensor, y: Tensor, mask: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """Goodfellow 2015: one step."""
    slope, _ = gradient(model, x0, y)
    x = (x0 + eps * slope.sign() * mask).clamp(0, 1)
    return x, on_grid(x, x0, levels_within(eps))


@torch.no_grad()
def offer_both(
    model: Classifier, y: Tensor, x: Tensor, margin: Tensor, grid: Tensor, allowed: Tensor, best: tuple[Best, Best]
) -> None:
    best[0].offer(x, margin)
    best[1].offer(grid, torch.where(allowed, margins(model(grid), y), -torch.inf))


def pgd(
    model: Classifier,
    x0: Tensor,
    y: Tensor,
    mask: Tensor,
    eps: float,
    eps_step: float,
    max_iter: int,
    decay: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Madry 2018, L∞, one random start; with a decay the momentum iterative method (Dong 2018), which starts
    from the picture itself."""
    best, reach = (Best(x0), Best(x0)), levels_within(eps)
    everything = torch.ones(len(x0), dtype=torch.bool)
    x = x0 if decay else (x0 + mask * (2 * torch.rand(x0.shape) - 1) * eps).clamp(0, 1)
    momentum = torch.zeros_like(x0)
    for _ in range(max_iter + 1):
        slope, margin = gradient(model, x, y)
        offer_both(model, y, x, margin, on_grid(x, x0, reach), everything, best)
        slope = slope * mask
        if decay:
            momentum = decay * momentum + slope / slope.abs().mean((1, 2, 3), keepdim=True).clamp_min(1e-20)
            slope = momentum
        change = (x + eps_step * slope.sign() * mask - x0).clamp(-eps, eps)
        x = (x0 + change).clamp(0, 1)
    return best[0].x, best[1].x


def l2_pgd(
    model: Classifier, x0: Tensor, y: Tensor, mask: Tensor, eps: float, eps_step: float, max_iter: int
) -> tuple[Tensor, Tensor]:
    """Madry 2018, L2. Stays a little inside of the ball, so that what rounding adds fits."""
    best, radius, x = (Best(x0), Best(x0)), eps - 0.003, x0
    for _ in range(max_iter + 1):
        slope, margin = gradient(model, x, y)
        grid = on_grid(x, x0, None)
        offer_both(model, y, x, margin, grid, norms(grid - x0)[:, 0, 0, 0] <= eps, best)
        slope = slope * mask
        change = x + eps_step * slope / norms(slope).clamp_min(1e-20) - x0
        x = (x0 + change * (radius / norms(change).clamp_min(1e-20)).clamp_max(1)).clamp(0, 1)
    return best[0].x, best[1].x


def carlini_l2(
    model: Classifier,
    x0: Tensor,
    y: Tensor,
    mask: Tensor,
    confidence: float,
    learning_rate: float,
    binary_search_steps: int,
    max_iter: int,
    initial_const: float,
) -> tuple[Tensor, Tensor]:
    """Carlini and Wagner 2017: the least L2 change that is misclassified by the asked confidence; the least rounded one
    beside the least float one."""
    best = (Best(x0), Best(x0))
    start = torch.atanh((2 * x0 - 1) * 0.999)
    low, high = torch.zeros(len(x0)), torch.full((len(x0),), torch.inf)
    weight = torch.full((len(x0),), initial_const)
    for _ in range(binary_search_steps):
        w = start.clone().requires_grad_()
        optimizer = torch.optim.Adam([w], lr=learning_rate)
        won = torch.zeros(len(x0), dtype=torch.bool)
        for _ in range(max_iter):
            x = torch.where(mask, (torch.tanh(w) + 1) / 2, x0)
            margin = margins(model(x), y)
            distance = (x - x0).square().sum((1, 2, 3))
            optimizer.zero_grad()
            (distance + weight * (confidence - margin).clamp_min(0)).sum().backward()
            optimizer.step()
            with torch.no_grad():
                grid = on_grid(x, x0, None)
                for kept, picture, gap in ((best[0], x, margin), (best[1], grid, margins(model(grid), y))):
                    # More than nothing, so that other implementations' rounding does not undo it.
                    enough = gap >= max(confidence, 1e-3)
                    won |= enough
                    far = (picture - x0).square().sum((1, 2, 3))
                    kept.offer(picture, torch.where(enough, -far, -torch.inf))
        low, high = torch.where(won, low, weight), torch.where(won, weight, high)
        weight = torch.where(high.isinf(), 10 * weight, (low + high) / 2)
    return best[0].x, best[1].x
