"""The attacks on photographs: the same as on CIFAR-10, with budgets for 224×224."""

from common import Attack, carlini, deepfool, euclidean, fgsm, pgd

# The number behind a name is the budget in grey levels of 255, or the L2 budget.
ATTACKS = (
    fgsm(2),
    pgd(2, 10),
    pgd(4, 10),
    Attack("l2-pgd-2.0", euclidean, {"eps": 2.0, "step": 0.5, "steps": 10}),
    Attack("deepfool", deepfool, {"steps": 10, "rivals": 5}, rows=60),
    Attack("carlini-l2-0", carlini, {"confidence": 0.0, "steps": 30, "searches": 1, "first": 10.0}, rows=60),
)
