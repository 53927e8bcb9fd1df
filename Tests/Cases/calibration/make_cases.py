#!/usr/bin/env python3
"""Independent reference values for calibration, by numpy and scipy. Writes cases.json beside itself.

    python3 -m venv venv && venv/bin/pip install numpy scipy && venv/bin/python make_cases.py
"""
import json
import pathlib

import numpy
import scipy
from scipy import stats
from scipy.special import betainc

generator = numpy.random.default_rng(20240501)


def largest_rank(n, rate, confidence):
    """The largest k whose Beta(k, n + 1 - k) keeps the rate, by trying every k."""
    best = 0
    for k in range(1, n + 1):
        on_average = k / (n + 1) <= rate * (1 + 1e-12)
        confident = confidence == 0 or stats.beta.ppf(confidence, k, n + 1 - k) <= rate
        if on_average and confident:
            best = k
        if not on_average:
            break
    return best


class Table:
    """One rank table, written from the documentation: midranks to normal scores, interpolated, linear beyond."""

    def __init__(self, samples, logarithm):
        samples = numpy.asarray(samples, dtype=float)
        self.log = logarithm and samples.min() >= 0 and samples.max() > 0
        self.floor = samples[samples > 0].min() if self.log else -numpy.inf
        x = self.place(samples)
        ranks = stats.rankdata(x, method="average")
        scores = stats.norm.ppf(ranks / (len(x) + 1))
        self.x, first = numpy.unique(x, return_index=True)
        self.z = scores[first]
        deviation = x.std(ddof=1)
        self.deviation = deviation if deviation > 0 else 1.0

    def place(self, values):
        values = numpy.maximum(numpy.asarray(values, dtype=float), self.floor)
        return numpy.log(values) if self.log else values

    def __call__(self, values):
        x = self.place(values)
        z = numpy.interp(x, self.x, self.z)
        beyond = x > self.x[-1]
        return numpy.where(beyond, self.z[-1] + (x - self.x[-1]) / self.deviation, z)


def joint(families, rows, method="two-level"):
    """Each method from its definition: a family's number, ranked again where the method says, and the chain's."""
    per_family = []
    for clean, fresh in zip(families, rows):
        tables = [Table(column, True) for column in clean.T]
        scores = lambda data: numpy.array([t(c) for t, c in zip(tables, data.T)])
        number = lambda data: {
            "one-level": lambda z: (numpy.maximum(z, 0) ** 2).mean(axis=0),
            "two-level-max": lambda z: z.max(axis=0),
            "max": lambda z: z.max(axis=0),
        }.get(method, lambda z: z.mean(axis=0))(scores(data))
        per_family.append(number(fresh) if method in ("one-level", "max") else Table(number(clean), False)(number(fresh)))
    together = numpy.array(per_family)
    total = {
        "two-level": lambda: (numpy.maximum(together, 0) ** 2).sum(axis=0),
        "one-level": lambda: together.sum(axis=0),
        "two-level-max": lambda: (numpy.maximum(together, 0) ** 2).sum(axis=0),
        "max": lambda: together.max(axis=0),
        "min-p": lambda: -stats.norm.logsf(together).min(axis=0),
        "fisher": lambda: -2 * stats.norm.logsf(together).sum(axis=0),
    }[method]()
    return per_family, total


def family(n, kinds):
    columns = []
    for kind in kinds:
        if kind == "positive":
            columns.append(generator.lognormal(-2, 1, n))
        elif kind == "signed":
            columns.append(generator.normal(0, 2, n))
        elif kind == "ties":
            columns.append(numpy.round(generator.exponential(1, n)))
        elif kind == "zero":
            columns.append(numpy.zeros(n))
    return numpy.array(columns).T


kinds = [["positive", "ties"], ["signed"], ["zero", "positive", "signed"], ["ties"]]
clean = [family(150, k) for k in kinds]
fresh = [numpy.concatenate([family(40, k), family(20, k) * 6, family(5, k) + 30]) for k in kinds]
per_family, total = joint(clean, fresh)

beta = []
for a, b in [(1, 1), (1, 59), (0.5, 0.5), (5, 96), (17, 2484), (107, 2394), (500, 4501), (3, 100000), (50000, 950001),
             (2, 1), (900, 101), (1e-3, 5), (250000, 250000)]:
    mean = a / (a + b)
    for x in sorted({0.0, 1.0, 1e-9, 1e-4, 0.01, 0.05, 0.3, 0.5, 0.9, 0.999, mean, mean * 0.9, min(mean * 1.1, 1.0)}):
        beta.append([x, a, b, float(betainc(a, b, x))])

probabilities = [1e-300, 1e-20, 1e-9, 1e-5, 0.001, 0.01, 0.0749, 0.075, 0.2, 0.4999, 0.5, 0.7, 0.925, 0.9251, 0.99,
                 0.99999, 1 - 1e-12]
tails = [-40.0, -8.0, -1.0, -0.5, 0.0, 1.0, 5.0, 24.9, 25.0, 25.1, 37.0, 100.0, 1e6]
ranks = [[n, rate, confidence, largest_rank(n, rate, confidence)]
         for n in [1, 10, 19, 20, 58, 59, 60, 98, 99, 100, 298, 299, 500, 1000, 2500]
         for rate in [0.01, 0.05, 0.1, 0.5] for confidence in [0, 0.5, 0.9, 0.95, 0.99]]

pathlib.Path(__file__).with_name("cases.json").write_text(json.dumps({
    "made_with": f"numpy {numpy.__version__}, scipy {scipy.__version__}",
    "incomplete_beta": beta,
    "normal_quantile": [[p, float(stats.norm.ppf(p))] for p in probabilities],
    "normal_tail": [[z, float(stats.norm.logsf(z))] for z in tails],
    "ranks": ranks,
    "joint": {
        "clean": [f.tolist() for f in clean],
        "fresh": [f.tolist() for f in fresh],
        "families": [f.tolist() for f in per_family],
        "scores": total.tolist(),
        "methods": [
            {"method": method, "scores": joint(clean, fresh, method)[1].tolist()}
            for method in ("two-level", "one-level", "two-level-max", "max", "min-p", "fisher")
        ],
    },
}, separators=(",", ":")) + "\n")
