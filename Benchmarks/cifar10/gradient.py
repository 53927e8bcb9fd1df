"""Attacks that follow the served model's gradient. Pictures float32 [n,c,h,w] in [0,1]; y int64 [n].

Iterates stay in the ball of radius `eps` round the clean picture and in [0,1]. Rows do not touch each other.
"""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

Objective = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def ascent(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The gradient of the cross entropy by the picture."""
    moved = x.detach().requires_grad_()
    return torch.autograd.grad(functional.cross_entropy(model(moved), y, reduction="sum"), moved)[0]


def norm(x: torch.Tensor) -> torch.Tensor:
    """L2 by row, [n,1,1,1], never zero."""
    return x.flatten(1).norm(dim=1).clamp_min(1e-12)[:, None, None, None]


def signed(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, eps: float, step: float, steps: int,
    start: bool = False, momentum: float | None = None,
) -> torch.Tensor:  # fmt: skip
    """L∞: FGSM (one step, Goodfellow 2015), BIM (Kurakin 2017), PGD (a random start, Madry 2018), MIM (Dong 2018)."""
    moved = (x + (torch.rand_like(x) * 2 - 1) * eps).clamp(0, 1) if start else x
    velocity = torch.zeros_like(x)
    for _ in range(steps):
        gradient = ascent(model, moved, y)
        if momentum is not None:
            velocity = momentum * velocity + gradient / gradient.abs().mean((1, 2, 3), keepdim=True).clamp_min(1e-12)
            gradient = velocity
        moved = (x + (moved + step * gradient.sign() - x).clamp(-eps, eps)).clamp(0, 1)
    return moved


def euclidean(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, eps: float, step: float, steps: int
) -> torch.Tensor:  # fmt: skip
    """L2 PGD from the clean picture."""
    moved = x
    for _ in range(steps):
        gradient = ascent(model, moved, y)
        change = moved + step * gradient / norm(gradient) - x
        moved = (x + change * (eps / norm(change)).clamp_max(1)).clamp(0, 1)
    return moved


def deepfool(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int = 30, rivals: int = 9, overshoot: float = 0.02
) -> torch.Tensor:
    """DeepFool (Moosavi-Dezfooli 2016), L2, against the so many likeliest rivals. Rows that have crossed rest."""
    with torch.no_grad():
        likeliest = model(x).scatter(1, y[:, None], -torch.inf).topk(rivals).indices
    total, moved = torch.zeros_like(x), x.clone()
    active = torch.arange(len(x))
    for _ in range(steps):
        at = moved[active].requires_grad_()
        logits = model(at)
        still = (logits.argmax(1) == y[active]).nonzero()[:, 0]
        if not len(still):
            break
        own = logits.gather(1, y[active, None])
        gaps = logits.gather(1, likeliest[active]) - own
        gradients = torch.stack(
            [torch.autograd.grad(gaps[:, k].sum(), at, retain_graph=k + 1 < rivals)[0] for k in range(rivals)], 1
        )
        with torch.no_grad():
            lengths = gradients.flatten(2).norm(dim=2).clamp_min(1e-12)
            nearest = (gaps.abs() / lengths).argmin(1)
            rows = torch.arange(len(active))
            size = (gaps.abs()[rows, nearest] + 1e-4) / lengths[rows, nearest] ** 2
            step = size[:, None, None, None] * gradients[rows, nearest]
            total[active[still]] += step[still]
            moved[active] = (x[active] + (1 + overshoot) * total[active]).clamp(0, 1)
            active = active[still]
    return moved.detach()
