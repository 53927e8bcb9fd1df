"""Attackers who see nothing but the socket's replies. Pictures float32 [c,h,w] on the 8-bit grid; one row a request.

A refusal (403) is an answer without content: whatever was asked did not get through. Each attack returns how many
queries it had spent when a picture was first misclassified *and* answered, within the bound; None where that never
happened.
"""

from collections.abc import Callable

import numpy as np

from daemon import Reply

Ask = Callable[[np.ndarray], Reply]


class Spent(Exception):
    """The queries are used up."""


def counted(ask: Ask, queries: int) -> Ask:
    left = queries

    def limited(x: np.ndarray) -> Reply:
        nonlocal left
        if not left:
            raise Spent
        left -= 1
        return ask(x)

    return limited


def on_grid(x: np.ndarray) -> np.ndarray:
    return (np.rint(np.clip(x, 0, 1) * 255) / 255).astype(np.float32)


def lead(reply: Reply, label: int) -> float:
    """Log-odds of the true class against its best rival; negative: misclassified."""
    logarithms = np.log(np.maximum(reply.probabilities, 1e-30))
    return float(logarithms[label] - np.delete(logarithms, label).max())


def square(ask: Ask, x0: np.ndarray, label: int, queries: int, seed: int, eps: float = 25 / 255) -> int | None:
    """After Andriushchenko and others (ECCV 2020): random squares of the L∞ ball, kept where the loss falls. Told a
    score, the attacker climbs on both. He starts from the clean picture, since the published start, stripes all over,
    is refused; and takes half of the budget as often as all of it."""
    random = np.random.default_rng(seed)
    channels, height, width = x0.shape

    def loss(reply: Reply) -> float:
        return lead(reply, label) + 0.2 * (reply.score or 0.0)

    x, least = x0, np.inf
    for spent in range(1, queries + 1):
        # The published schedule of the squares' area, over these queries.
        halvings = sum(spent / queries > step / 10_000 for step in (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000))
        side = max(1, round(np.sqrt(0.4 / 2**halvings * height * width)))
        top, left = random.integers(0, height - side + 1), random.integers(0, width - side + 1)
        tried = x.copy()
        if spent > 1:
            change = random.choice((-1, 1), (channels, 1, 1)) * random.choice((eps, eps / 2))
            where = (slice(None), slice(top, top + side), slice(left, left + side))
            tried[where] = on_grid(x0[where] + change)
        reply = ask(tried)
        if reply.probabilities is None:
            continue
        if lead(reply, label) < 0:
            return spent
        if loss(reply) < least:
            x, least = tried, loss(reply)
    return None


def hop_skip_jump(
    ask: Ask, x0: np.ndarray, label: int, queries: int, seed: int, starts: np.ndarray, bound: float = 2.0
) -> int | None:
    """After Chen, Jordan, Wainwright (S&P 2020), L2: along the border of what is both misclassified and answered, from
    a clean picture of another class (`starts`: the attacker's own, the nearest first) towards x0, until it is within
    the bound."""
    random = np.random.default_rng(seed)
    spent = 0
    limited = counted(ask, queries)

    def wins(x: np.ndarray) -> bool:
        nonlocal spent
        spent += 1
        reply = limited(on_grid(x))
        return reply.probabilities is not None and lead(reply, label) < 0

    def nearest(x: np.ndarray) -> np.ndarray:
        """The border between x0 and x by bisection."""
        low, high = 0.0, 1.0
        while (high - low) * np.linalg.norm(x - x0) > 0.1:
            middle = (low + high) / 2
            low, high = (low, middle) if wins(x0 + middle * (x - x0)) else (middle, high)
        return on_grid(x0 + high * (x - x0))

    try:
        x = next((nearest(start) for start in starts if wins(start)), None)
        if x is None:
            return None
        for step in range(1, 1000):
            distance = np.linalg.norm(x - x0)
            if distance <= bound:
                return spent
            size = max(distance / 20, 2 / 255 * np.sqrt(x.size) / 4)
            probes = random.standard_normal((int(20 * np.sqrt(step)), *x.shape))
            probes /= np.linalg.norm(probes.reshape(len(probes), -1), axis=1)[:, None, None, None]
            sides = np.array([1.0 if wins(x + size * probe) else -1.0 for probe in probes])
            sides = sides if abs(sides.mean()) == 1 else sides - sides.mean()
            direction = np.tensordot(sides, probes, 1)
            direction /= np.linalg.norm(direction)
            jump = distance / np.sqrt(step)
            while jump > 0.05:
                if wins(x + jump * direction):
                    nearer = nearest(x + jump * direction)
                    x = nearer if np.linalg.norm(nearer - x0) < distance else x
                    break
                jump /= 2
    except Spent:
        pass
    return None
