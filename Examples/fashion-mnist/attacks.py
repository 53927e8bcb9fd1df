"""The eight attacks, as adversarial-robustness-toolbox implements them, against the served model."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from art.attacks.evasion import (
    BasicIterativeMethod,
    CarliniL2Method,
    DeepFool,
    FastGradientMethod,
    ProjectedGradientDescentPyTorch,
    SaliencyMapMethod,
    SquareAttack,
)
from art.estimators.classification import PyTorchClassifier

from export import exported
from models import SERVED

logging.getLogger("art").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Attack:
    name: str
    make: Callable[..., Any]
    parameters: dict[str, Any]
    # Sources per chunk: what the attack is run on at once.
    chunk: int = 100

    @property
    def budget(self) -> float | None:
        """The L∞ bound, for the attacks that have one."""
        return self.parameters.get("eps")


ATTACKS = {
    attack.name: attack
    for attack in (
        Attack("fgsm-0.1", FastGradientMethod, {"eps": 0.1}),
        Attack(
            "pgd-0.1",
            ProjectedGradientDescentPyTorch,
            {"eps": 0.1, "eps_step": 0.01, "max_iter": 40, "num_random_init": 1},
        ),
        Attack(
            "pgd-0.05",
            ProjectedGradientDescentPyTorch,
            {"eps": 0.05, "eps_step": 0.005, "max_iter": 40, "num_random_init": 1},
        ),
        # 0.1 lies half-way between two steps of four bits, where bit-depth squeezers look better than they are: hence
        # another budget here.
        Attack("bim-0.07", BasicIterativeMethod, {"eps": 0.07, "eps_step": 0.01, "max_iter": 20}),
        Attack("deepfool", DeepFool, {"max_iter": 50, "epsilon": 0.02, "nb_grads": 10}),
        Attack("jsma", SaliencyMapMethod, {"theta": 1.0, "gamma": 0.1}),
        Attack(
            "square-0.1",
            SquareAttack,
            {"norm": "inf", "eps": 0.1, "max_iter": 500, "p_init": 0.8, "nb_restarts": 1},
            chunk=200,
        ),
        Attack(
            "carlini-l2",
            CarliniL2Method,
            {
                "confidence": 0.0,
                "learning_rate": 0.05,
                "binary_search_steps": 5,
                "max_iter": 30,
                "initial_const": 0.1,
            },
        ),
    )
}


class Served(PyTorchClassifier):
    """Takes one backward pass where a class per row is asked for; the toolbox takes one for each class that occurs."""

    def class_gradient(
        self, x: np.ndarray, label: Any = None, training_mode: bool = False, **options: Any
    ) -> np.ndarray:
        if not isinstance(label, np.ndarray):
            return super().class_gradient(x, label, training_mode, **options)
        inputs = torch.from_numpy(x).requires_grad_()
        chosen = self.model(inputs).gather(1, torch.from_numpy(label)[:, None])
        return torch.autograd.grad(chosen.sum(), inputs)[0].numpy()[:, None]


def classifier() -> PyTorchClassifier:
    return Served(
        model=exported(SERVED),
        loss=torch.nn.CrossEntropyLoss(),
        input_shape=(1, 28, 28),
        nb_classes=10,
        clip_values=(0.0, 1.0),
        device_type="cpu",
    )


def attacked(attack: Attack, target: PyTorchClassifier, x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    """float32 in, float32 out, in [0,1]; the same seed gives the same draws whatever ran before."""
    np.random.seed(seed)
    torch.manual_seed(seed)
    made = attack.make(target, batch_size=attack.chunk, **attack.parameters)
    made.set_params(**({"verbose": False} if "verbose" in made.attack_params else {}))
    # What the saliency map method takes as labels are targets; without them it draws targets itself.
    labels = {} if attack.make is SaliencyMapMethod else {"y": y}
    return np.clip(made.generate(x=x, **labels), 0, 1).astype(np.float32)
