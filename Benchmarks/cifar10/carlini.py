"""The L2 attack of Carlini and Wagner (2017): smallest change whose best wrong logit leads by `confidence`."""

import torch
from torch import nn


def carlini(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, confidence: float = 0.0, steps: int = 50, searches: int = 3,
    rate: float = 0.01, first: float = 1.0,
) -> torch.Tensor:  # fmt: skip
    """Adam on the arctanh of the picture; the weight of the class loss by bisection, row by row. Where no weight works
    the clean picture comes back."""
    inside = ((x * 2 - 1) * 0.999999).atanh()
    lowest, highest = torch.zeros(len(x)), torch.full((len(x),), torch.inf)
    weight = torch.full((len(x),), first)
    best, shortest = x.clone(), torch.full((len(x),), torch.inf)
    for _ in range(searches):
        free = inside.clone().requires_grad_()
        optimizer = torch.optim.Adam([free], lr=rate)
        reached = torch.zeros(len(x), dtype=torch.bool)
        for _ in range(steps):
            moved = (free.tanh() + 1) / 2
            logits = model(moved)
            rival = logits.scatter(1, y[:, None], -torch.inf).amax(1)
            lead = rival - logits.gather(1, y[:, None])[:, 0]
            length = (moved - x).square().sum((1, 2, 3))
            with torch.no_grad():
                # At confidence 0 a tie is no success.
                won = lead > max(confidence, 1e-3)
                shorter = won & (length < shortest)
                reached |= won
                shortest = torch.where(shorter, length, shortest)
                best[shorter] = moved[shorter].detach()
            optimizer.zero_grad()
            (length + weight * (confidence + 1e-2 - lead).clamp_min(0)).sum().backward()
            optimizer.step()
        highest = torch.where(reached, torch.minimum(highest, weight), highest)
        lowest = torch.where(reached, lowest, torch.maximum(lowest, weight))
        weight = torch.where(highest.isinf(), weight * 10, (lowest + highest) / 2)
    return best
