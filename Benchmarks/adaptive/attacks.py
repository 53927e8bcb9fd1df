"""White-box attacks on model and chain together. Pictures float32 [n,c,h,w] in [0,1]; returned on the 8-bit grid.

Each works towards a class: the components are asked how suspicious that class would be (``Chain.forward``), so that one
objective leads from the clean picture to a misclassified one that passes, with no cliff where the label changes. The
likeliest rivals come first; rows that have got through by the attacker's own reckoning rest.
"""

from dataclasses import dataclass

import torch

from chain import Chain, margin
from squeezers import on_levels

# By the attacker's reckoning: log-odds by which the class must win, and the share of the threshold to stay below.
LEAD, SHARE = 0.1, 0.95


@dataclass(frozen=True)
class Attacker:
    """What an attacker knows and spends. `families`: plugins; None: all; empty: the class loss alone, oblivious."""

    families: frozenset[str] | None = None
    steps: int = 50
    targets: int = 2

    def mask(self, chain: Chain) -> torch.Tensor:
        known = [self.families is None or one.plugin in self.families for one in chain.families]
        return torch.tensor(known, dtype=torch.float64)[:, None]


class Best:
    """For every row the best iterate so far: misclassified before not, then the least suspicious to the attacker."""

    def __init__(self, x: torch.Tensor) -> None:
        self.x, self.cost = on_levels(x), torch.full((len(x),), torch.inf, dtype=torch.float64)

    def offer(self, rows: torch.Tensor, x: torch.Tensor, won: torch.Tensor, cost: torch.Tensor) -> None:
        better = won & (cost < self.cost[rows])
        self.x[rows[better]] = on_levels(x[better])
        self.cost[rows[better]] = cost[better]


def considered(attacker: Attacker, chain: Chain, x: torch.Tensor, target: torch.Tensor) -> tuple:
    """The target's lead, the score to go down, and the score as the guard would have it, both over the threshold."""
    if attacker.families is not None and not attacker.families:
        lead = margin(chain.answer(on_levels(x)), target)
        # Knowing no chain, an oblivious attacker takes confidence for safety.
        return lead, -lead / 10, -lead.detach()
    finding, mask = chain(x, target), attacker.mask(chain)
    smooth = (mask * chain.scores(finding, smooth=True)).sum(0) / chain.threshold
    with torch.no_grad():
        exact = (mask * chain.scores(finding)).sum(0) / chain.threshold
    return margin(finding.answer, target), smooth, exact


def rivals(chain: Chain, x: torch.Tensor, y: torch.Tensor, count: int) -> torch.Tensor:
    """The classes that all models together find likeliest after the true one, [count, n]."""
    with torch.no_grad():
        mean = torch.stack([chain.answer(x, model) for model in range(len(chain.models))]).mean(0)
        return mean.scatter(1, y[:, None], -torch.inf).topk(count).indices.T


def pgd(attacker: Attacker, chain: Chain, x0: torch.Tensor, y: torch.Tensor, eps: float) -> torch.Tensor:
    """L∞: signs of the gradient with momentum, steps from a quarter of the budget down to one grey level."""
    eps = int(eps * 255 + 1e-6) / 255
    best = Best(x0)
    for target in rivals(chain, x0, y, attacker.targets):
        rows = (best.cost > SHARE).nonzero()[:, 0]
        x = (x0[rows] + (torch.rand_like(x0[rows]) - 0.5) * eps).clamp(0, 1)
        velocity = torch.zeros_like(x)
        for step in range(attacker.steps):
            moved = x.requires_grad_()
            lead, smooth, exact = considered(attacker, chain, moved, target[rows])
            gradient = torch.autograd.grad((5 * (LEAD - lead).clamp_min(0) + smooth).sum(), moved)[0]
            with torch.no_grad():
                best.offer(rows, moved, lead > 0, exact)
                gradient /= gradient.abs().mean((1, 2, 3), keepdim=True).clamp_min(1e-12)
                velocity = 0.75 * velocity + gradient
                size = max(eps / 4 * (1 - step / attacker.steps), 1 / 255)
                x = x0[rows] + (moved - size * velocity.sign() - x0[rows]).clamp(-eps, eps)
                x = x.clamp(0, 1)
                left = best.cost[rows] > SHARE
                rows, x, velocity = rows[left], x[left], velocity[left]
            if not len(rows):
                break
    return best.x.detach()


def carlini(
    attacker: Attacker, chain: Chain, x0: torch.Tensor, y: torch.Tensor, searches: int = 3, rate: float = 0.03
) -> torch.Tensor:
    """L2, after Carlini and Wagner (2017): the smallest change that fools the model and passes the chain, the
    weight of both by bisection row by row. A row that never does both keeps its least suspicious picture
    that is misclassified."""
    best = Best(x0)
    inside = ((x0 * 2 - 1) * 0.9999).atanh()
    shortest = torch.full((len(x0),), torch.inf)
    lowest, highest = torch.zeros(len(x0)), torch.full((len(x0),), torch.inf)
    weight = torch.full((len(x0),), 10.0)
    target = rivals(chain, x0, y, 1)[0]
    for _ in range(searches):
        free = inside.clone().requires_grad_()
        optimizer = torch.optim.Adam([free], lr=rate)
        passed = torch.zeros(len(x0), dtype=torch.bool)
        for _ in range(attacker.steps):
            moved = (free.tanh() + 1) / 2
            lead, smooth, exact = considered(attacker, chain, moved, target)
            length = (moved - x0).square().sum((1, 2, 3))
            with torch.no_grad():
                both = (lead > 0) & (exact < SHARE)
                shorter = both & (length < shortest)
                shortest = torch.where(shorter, length, shortest)
                passed |= both
                # Below every cost of a row that does not pass; shorter is better.
                cost = torch.where(shorter, length.double() - 1e6, torch.where(both, torch.inf, exact))
                best.offer(torch.arange(len(x0)), moved, lead > 0, cost)
            loss = length + weight * ((LEAD - lead).clamp_min(0) + (smooth - 0.8 * SHARE).clamp_min(0))
            optimizer.zero_grad()
            loss.sum().backward()
            optimizer.step()
        highest = torch.where(passed, torch.minimum(highest, weight), highest)
        lowest = torch.where(passed, lowest, torch.maximum(lowest, weight))
        weight = torch.where(highest.isinf(), weight * 10, (lowest + highest) / 2)
    return best.x.detach()
