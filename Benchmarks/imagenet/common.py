"""What this benchmark takes from CIFAR-10's beside it: attacks, sets, export."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cifar10"))

from adversarial import make_sets, rightly_classified  # noqa: E402
from attacks import Attack, fgsm, pgd  # noqa: E402
from carlini import carlini  # noqa: E402
from export import Exported, export  # noqa: E402
from gradient import deepfool, euclidean  # noqa: E402
from paths import derived_seed, options  # noqa: E402
from pictures import Pictures  # noqa: E402

__all__ = [
    "Attack", "Exported", "Pictures", "carlini", "deepfool", "derived_seed", "euclidean", "export", "fgsm",
    "make_sets", "options", "pgd", "rightly_classified",
]  # fmt: skip
