"""Attacks as adversarial-robustness-toolbox implements them: AutoAttack's APGD and Square, JSMA, HopSkipJump."""

import logging
from typing import Any

import numpy as np
import torch
from art.attacks.evasion import AutoProjectedGradientDescent, HopSkipJump, SaliencyMapMethod, SquareAttack
from art.estimators.classification import PyTorchClassifier
from torch import nn

logging.getLogger("art").setLevel(logging.ERROR)


class Served(PyTorchClassifier):
    """Takes one backward pass where a class per row is asked for (the toolbox takes one for each class that occurs),
    and double precision, which HopSkipJump sends."""

    def predict(self, x: np.ndarray, *arguments: Any, **options: Any) -> np.ndarray:
        return super().predict(x.astype(np.float32), *arguments, **options)

    def class_gradient(
        self, x: np.ndarray, label: Any = None, training_mode: bool = False, **options: Any
    ) -> np.ndarray:
        if not isinstance(label, np.ndarray):
            return super().class_gradient(x, label, training_mode, **options)
        inputs = torch.from_numpy(x).requires_grad_()
        chosen = self.model(inputs).gather(1, torch.from_numpy(label)[:, None])
        return torch.autograd.grad(chosen.sum(), inputs)[0].numpy()[:, None]


def served(model: nn.Module, x: torch.Tensor) -> PyTorchClassifier:
    with torch.no_grad():
        classes = model(x[:1]).shape[1]
    return Served(
        model=model,
        loss=nn.CrossEntropyLoss(),
        input_shape=tuple(x.shape[1:]),
        nb_classes=classes,
        clip_values=(0.0, 1.0),
        device_type="cpu",
    )


def apgd(model: nn.Module, x: torch.Tensor, y: torch.Tensor, eps: float, steps: int) -> torch.Tensor:
    """APGD on the cross entropy (Croce and Hein 2020)."""
    attack = AutoProjectedGradientDescent(
        served(model, x), norm=np.inf, eps=eps, eps_step=eps / 4, max_iter=steps, nb_random_init=1,
        batch_size=100, loss_type="cross_entropy", verbose=False,
    )  # fmt: skip
    return torch.from_numpy(attack.generate(x.numpy(), y.numpy()))


def square(model: nn.Module, x: torch.Tensor, y: torch.Tensor, eps: float, queries: int) -> torch.Tensor:
    """Square (Andriushchenko 2020): queries alone, no gradient."""
    attack = SquareAttack(
        served(model, x), norm=np.inf, eps=eps, max_iter=queries, p_init=0.3, nb_restarts=1,
        batch_size=100, verbose=False,
    )  # fmt: skip
    return torch.from_numpy(attack.generate(x.numpy(), y.numpy()))


def jsma(model: nn.Module, x: torch.Tensor, y: torch.Tensor, share: float) -> torch.Tensor:
    """JSMA (Papernot 2016) towards the runner-up; at most this share of the numbers of a picture is changed."""
    with torch.no_grad():
        runner_up = model(x).scatter(1, y[:, None], -torch.inf).argmax(1)
    attack = SaliencyMapMethod(served(model, x), theta=1.0, gamma=share, batch_size=100, verbose=False)
    return torch.from_numpy(attack.generate(x.numpy(), runner_up.numpy()))


def hop_skip_jump(model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int, queries: int) -> torch.Tensor:
    """HopSkipJump (Chen 2020), L2: labels alone, at most `queries` a step."""
    attack = HopSkipJump(
        served(model, x), norm=2, max_iter=steps, max_eval=queries, init_eval=20, init_size=50,
        batch_size=64, verbose=False,
    )  # fmt: skip
    return torch.from_numpy(attack.generate(x.numpy(), y.numpy()))
