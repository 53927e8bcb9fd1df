"""The attacks against the served model: adversarial-robustness-toolbox's, and those of masked.py."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from art.attacks.evasion import (
    AutoProjectedGradientDescent,
    BasicIterativeMethod,
    CarliniL2Method,
    DeepFool,
    FastGradientMethod,
    HopSkipJump,
    ProjectedGradientDescentPyTorch,
    SaliencyMapMethod,
    SquareAttack,
)
from art.estimators.classification import BlackBoxClassifierNeuralNetwork, PyTorchClassifier

import export
import masked
from models import SERVED

logging.getLogger("art").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Attack:
    name: str
    make: Callable[..., Any]
    parameters: dict[str, Any]
    # Sources per chunk: what the attack is run on at once.
    chunk: int = 100
    # Successful rows to store: on the 8-bit grid, and as float, where fewer do, since their files are larger.
    rows: int = 200
    float_rows: int = 100
    # Whether only the garment's pixels may change: those that are not black in the clean picture.
    garment: bool = False

    def wanted(self, kind: str) -> int:
        return self.float_rows if kind == "float" else self.rows

    @property
    def own(self) -> bool:
        return self.make.__module__ == masked.__name__

    @property
    def norm(self) -> float:
        """2 or inf: of the budget."""
        return 2 if self.make is masked.l2_pgd else np.inf

    @property
    def budget(self) -> float | None:
        """The bound in that norm, for the attacks that have one."""
        return self.parameters.get("eps")

    @property
    def linf_budget(self) -> float | None:
        return self.budget if self.norm == np.inf else None


def garment(name: str, make: Callable[..., Any], parameters: dict[str, Any]) -> Attack:
    return Attack(f"garment-{name}", make, parameters, garment=True)


def autoattack(loss: str) -> dict[str, Any]:
    return {"norm": "inf", "eps": 0.08, "eps_step": 0.16, "max_iter": 50, "nb_random_init": 1, "loss_type": loss}


PGD_40 = {"max_iter": 40, "num_random_init": 1}
CARLINI = {"learning_rate": 0.05, "binary_search_steps": 4, "max_iter": 50, "initial_const": 0.3}
ATTACKS = {
    attack.name: attack
    for attack in (
        Attack("fgsm-0.03", masked.fgsm, {"eps": 0.03}),
        Attack("fgsm-0.067", masked.fgsm, {"eps": 0.067}),
        Attack("fgsm-0.1", FastGradientMethod, {"eps": 0.1}, rows=300, float_rows=300),
        Attack("fgsm-0.15", masked.fgsm, {"eps": 0.15}),
        Attack(
            "pgd-0.1",
            ProjectedGradientDescentPyTorch,
            {"eps": 0.1, "eps_step": 0.01, **PGD_40},
            rows=300,
            float_rows=300,
        ),
        Attack(
            "pgd-0.05",
            ProjectedGradientDescentPyTorch,
            {"eps": 0.05, "eps_step": 0.005, **PGD_40},
            rows=300,
            float_rows=300,
        ),
        # 0.1 lies half-way between two steps of four bits, where bit-depth squeezers look better than they are: hence
        # other budgets too.
        Attack(
            "bim-0.07", BasicIterativeMethod, {"eps": 0.07, "eps_step": 0.01, "max_iter": 20}, rows=300, float_rows=300
        ),
        Attack("mim-0.06", masked.pgd, {"eps": 0.06, "eps_step": 0.01, "max_iter": 20, "decay": 1.0}),
        Attack("mim-0.12", masked.pgd, {"eps": 0.12, "eps_step": 0.015, "max_iter": 20, "decay": 1.0}),
        Attack("l2-pgd-1", masked.l2_pgd, {"eps": 1.0, "eps_step": 0.1, "max_iter": 30}),
        Attack("l2-pgd-2", masked.l2_pgd, {"eps": 2.0, "eps_step": 0.2, "max_iter": 30}),
        Attack("apgd-ce-0.08", AutoProjectedGradientDescent, autoattack("cross_entropy")),
        Attack("apgd-dlr-0.08", AutoProjectedGradientDescent, autoattack("difference_logits_ratio")),
        Attack("deepfool", DeepFool, {"max_iter": 50, "epsilon": 0.02, "nb_grads": 10}, rows=300, float_rows=300),
        Attack("jsma", SaliencyMapMethod, {"theta": 1.0, "gamma": 0.1}, rows=300, float_rows=300),
        Attack(
            "square-0.1",
            SquareAttack,
            {"norm": "inf", "eps": 0.1, "max_iter": 500, "p_init": 0.8, "nb_restarts": 1},
            chunk=200,
            rows=300,
            float_rows=300,
        ),
        Attack(
            "hopskipjump",
            HopSkipJump,
            {"norm": 2, "max_iter": 8, "max_eval": 200, "init_eval": 50, "init_size": 100},
            chunk=50,
            rows=100,
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
            rows=300,
            float_rows=300,
        ),
        Attack("carlini-l2-5", masked.carlini_l2, {"confidence": 5.0, **CARLINI}),
        garment("fgsm-0.1", masked.fgsm, {"eps": 0.1}),
        garment("pgd-0.05", masked.pgd, {"eps": 0.05, "eps_step": 0.005, "max_iter": 40}),
        garment("pgd-0.08", masked.pgd, {"eps": 0.08, "eps_step": 0.008, "max_iter": 40}),
        garment("mim-0.12", masked.pgd, {"eps": 0.12, "eps_step": 0.015, "max_iter": 20, "decay": 1.0}),
        garment("l2-pgd-2", masked.l2_pgd, {"eps": 2.0, "eps_step": 0.2, "max_iter": 30}),
        garment("carlini-l2", masked.carlini_l2, {"confidence": 0.0, **CARLINI}),
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
        model=export.exported(SERVED),
        loss=torch.nn.CrossEntropyLoss(),
        input_shape=(1, 28, 28),
        nb_classes=10,
        clip_values=(0.0, 1.0),
        device_type="cpu",
    )


def asked() -> BlackBoxClassifierNeuralNetwork:
    """For an attack that only asks: the file itself, which answers faster than the torch module."""
    return BlackBoxClassifierNeuralNetwork(
        lambda x: export.logits(SERVED, x), input_shape=(1, 28, 28), nb_classes=10, clip_values=(0.0, 1.0)
    )


def attacked(
    attack: Attack, target: PyTorchClassifier, x: np.ndarray, y: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """float32 in, float32 out, in [0,1], and uint8 from the attacks that round by themselves; the same seed gives the
    same draws whatever ran before."""
    np.random.seed(seed)
    torch.manual_seed(seed)
    if attack.own:
        clean = torch.from_numpy(x)
        mask = clean > 0 if attack.garment else torch.ones_like(clean, dtype=torch.bool)
        left, grid = attack.make(target.model, clean, torch.from_numpy(y), mask, **attack.parameters)
        return short(left.numpy(), x), np.rint(grid.numpy() * 255).astype(np.uint8)
    made = attack.make(asked() if attack.make is HopSkipJump else target, batch_size=attack.chunk, **attack.parameters)
    made.set_params(**({"verbose": False} if "verbose" in made.attack_params else {}))
    # What the saliency map method takes as labels are targets; without them it draws targets itself.
    labels = {} if attack.make is SaliencyMapMethod else {"y": y}
    return np.clip(made.generate(x=x, **labels), 0, 1).astype(np.float32), None


def short(x: np.ndarray, x0: np.ndarray) -> np.ndarray:
    """To 16 fractional bits, towards the clean picture: half the bytes in the file, and still off the 8-bit grid."""
    steps = np.float32(1 << 16)
    near = np.where(x > x0, np.floor(x * steps), np.ceil(x * steps)) / steps
    return np.where(x == x0, x0, near).astype(np.float32)
