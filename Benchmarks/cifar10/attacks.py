"""The attacks, their budgets and how many sources each is run on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from carlini import carlini
from gradient import deepfool, euclidean, signed
from toolbox import apgd, hop_skip_jump, jsma, square


@dataclass(frozen=True)
class Attack:
    name: str
    run: Callable[..., torch.Tensor]
    parameters: dict[str, Any] = field(default_factory=dict)
    # Fewer sources than the others get, for what is slow.
    rows: int | None = None

    @property
    def budget(self) -> float | None:
        """The L∞ bound, for the attacks that have one."""
        return None if self.run is euclidean else self.parameters.get("eps")

    @property
    def minimal(self) -> bool:
        """Whether it looks for the smallest change, with no budget of any norm."""
        return "eps" not in self.parameters

    def __call__(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.run(model, x, y, **self.parameters).detach().clamp(0, 1)


def fgsm(level: int) -> Attack:
    return Attack(f"fgsm-{level}", signed, {"eps": level / 255, "step": level / 255, "steps": 1})


def pgd(level: int, steps: int) -> Attack:
    step = max(level / 4, 0.5) / 255
    return Attack(f"pgd-{level}", signed, {"eps": level / 255, "step": step, "steps": steps, "start": True})


# The number behind a name is the budget in grey levels of 255, or the L2 budget.
ATTACKS = (
    fgsm(4),
    fgsm(8),
    pgd(2, 20),
    pgd(8, 20),
    Attack("bim-4", signed, {"eps": 4 / 255, "step": 1 / 255, "steps": 10}),
    Attack("mim-4", signed, {"eps": 4 / 255, "step": 1 / 255, "steps": 10, "momentum": 1.0}),
    Attack("l2-pgd-0.5", euclidean, {"eps": 0.5, "step": 0.1, "steps": 20}),
    Attack("l2-pgd-1.0", euclidean, {"eps": 1.0, "step": 0.2, "steps": 20}),
    Attack("apgd-ce-4", apgd, {"eps": 4 / 255, "steps": 50}),
    Attack("deepfool", deepfool),
    Attack("carlini-l2-0", carlini, {"confidence": 0.0}),
    Attack("carlini-l2-5", carlini, {"confidence": 5.0}),
    Attack("square-8", square, {"eps": 8 / 255, "queries": 500}),
    Attack("jsma", jsma, {"share": 0.05}, rows=100),
    Attack("hop-skip-jump", hop_skip_jump, {"steps": 8, "queries": 300}, rows=50),
)
