"""The guard rebuilt in torch from what this attacker has: configuration, models, calibration and fitted states.

Which components there are, the calibration file names (`nlm:13:3:10:drop`). None of the rebuilt transforms draws
anything, so there is no expectation over draws to take and no key to guess; a chain with others is refused, not
approximated.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
import yaml
from onnx2torch import convert
from torch import nn

from ranks import PatchMixture, RankTable, unpacked
from squeezers import on_levels, squeezed, textured


def margin(logarithms: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Log-odds of a class against its best rival."""
    rival = logarithms.scatter(1, label[:, None], -torch.inf).amax(1)
    return logarithms.gather(1, label[:, None])[:, 0] - rival


@dataclass
class Family:
    """A detector of the chain: its plugin, what it weighs, its components as (place, statistic), the tables of all."""

    plugin: str
    weight: float
    components: list[tuple[str, str]]
    tables: list[RankTable]
    table: RankTable


@dataclass
class Finding:
    """Of n rows: the served model's log-probabilities, and by family its components, float64 [n]."""

    answer: torch.Tensor
    components: list[list[torch.Tensor]]


class Chain(nn.Module):
    def __init__(self, configuration: Path) -> None:
        super().__init__()
        settings = yaml.safe_load(configuration.read_text())
        (chain,) = settings["chains"]
        folder, files = configuration.parent, {m["name"]: m["file"] for m in settings["models"]}
        self.name = chain["model"]
        configured = {entry["plugin"]: entry.get("config", {}) for entry in chain["detectors"]}
        ensemble = configured["ensemble-disagreement"]
        self.pictures = ["input", *(key_of(one) for one in ensemble.get("squeezers", []))]
        self.models = nn.ModuleList(
            convert(onnx.load(folder / files[name])).eval() for name in (self.name, *ensemble["members"])
        )
        redrawn = configured.get("reconstruction")
        self.autoencoder = convert(onnx.load(folder / files[redrawn["autoencoder"]])).eval() if redrawn else None
        self.requires_grad_(False)
        path = folder / chain["calibration"]
        stored = json.loads(path.read_text())
        if stored["method"] != "two-level":
            raise SystemExit(f"{path}: method {stored['method']}, only two-level is rebuilt")
        self.families = [
            Family(
                plugin=one["plugin"],
                weight=one.get("weight", 1.0),
                components=[place_of(one["plugin"], c["name"]) for c in one["components"]],
                tables=[RankTable(c["ranks"]) for c in one["components"]],
                table=RankTable(one["family"]),
            )
            for one in stored["detectors"]
        ]
        (stratum,) = stored["strata"]
        scores = unpacked(stratum["scores"])
        self.threshold = float(sorted(scores)[-stratum["rank"]])
        states = {one["name"]: path.parent / f"{one['sha256']}.state" for one in stored["states"]}
        self.temperatures = [1.0] * len(self.models)
        for one in stored["detectors"]:
            if one["plugin"] == "ensemble-disagreement":
                self.temperatures = json.loads(states[one["name"]].read_text())["temperatures"]
        # Of several detectors of the plugin, all have fitted the same.
        fitted = [states[one["name"]] for one in stored["detectors"] if one["plugin"] == "input-statistics"]
        self.mixture = PatchMixture(fitted[0]) if fitted else None

    def answer(self, x: torch.Tensor, model: int = 0) -> torch.Tensor:
        return self.models[model](x).double().log_softmax(1)

    def forward(self, x: torch.Tensor, label: torch.Tensor | None = None) -> Finding:
        """x float32 [n,c,h,w] in [0,1], snapped to the grid here. `label`: what the components take for the class
        that the served model gives, so that an attacker can ask how suspicious a class would be beforehand."""
        x = on_levels(x)
        keys = dict.fromkeys(["input", *self.pictures])
        keys |= dict.fromkeys(place for f in self.families for place, _ in f.components if ":" in place)
        views = {key: squeezed(x, key) for key in keys}
        if self.autoencoder is not None:
            views["reconstruction"] = on_levels(self.autoencoder(x).clamp(0, 1))
        served = {"input"} | {place for f in self.families if f.plugin in OF_ANSWERS for place, _ in f.components}
        served_keys = [key for key in views if key in served]
        stacked = self.answer(torch.cat([views[key] for key in served_keys]))
        answers = dict(zip(served_keys, stacked.split(len(x)), strict=True))
        members = torch.cat([views[key] for key in self.pictures])
        told = [self.answer(members, one).view(len(self.pictures), len(x), -1) for one in range(1, len(self.models))]

        row = answers["input"]
        label = row.argmax(1) if label is None else label
        components = []
        for family in self.families:
            if family.plugin in OF_ANSWERS:
                found = [of_answers(row, answers[place], what, label) for place, what in family.components]
            elif family.plugin == "ensemble-disagreement":
                found = self.of_members(row, told, family.components, label)
            else:
                found = self.of_patches(x, views, family.components)
            components.append([value.double() for value in found])
        return Finding(row, components)

    def scores(self, finding: Finding, smooth: bool = False) -> torch.Tensor:
        """Each family's term of the chain's score, [families, n]; their sum is what the threshold is compared with."""
        terms = []
        for family, found in zip(self.families, finding.components, strict=True):
            tables = [table.smooth if smooth else table.score for table in (*family.tables, family.table)]
            joined = torch.stack([of(value) for of, value in zip(tables, found, strict=False)]).mean(0)
            terms.append(family.weight * tables[-1](joined).clamp_min(0).square())
        return torch.stack(terms)

    def of_members(self, answer: torch.Tensor, told: list, components: list, label: torch.Tensor) -> list:
        tempered = [(one / t).log_softmax(-1) for one, t in zip(told, self.temperatures[1:], strict=True)]
        served = (answer / self.temperatures[0]).log_softmax(-1)
        every = torch.cat(tempered)
        reference = torch.logsumexp(every, 0) - torch.tensor(float(len(every))).log()
        distances = {
            "hellinger": lambda: ((served / 2).exp() - (reference / 2).exp()).square().sum(1) / 2,
            "kl": lambda: (reference.exp() * (reference - served)).sum(1).clamp_min(0),
            "margin": lambda: -margin(reference, label),
        }
        return [distances[known("ensemble-disagreement", place, what)]() for place, what in components]

    def of_patches(self, x: torch.Tensor, views: dict, components: list) -> list[torch.Tensor]:
        own, flat = self.mixture(x), torch.ones(len(x), 1)
        texture = textured(x).float()
        texture = torch.where(texture.sum(1, keepdim=True) > 0, texture, flat)
        found = []
        for place, what in components:
            if what not in {"patches": ("mean", "textured")}.get(place, ("excess", "excess-textured")):
                raise SystemExit(f"input-statistics: {place}:{what} is not rebuilt")
            values = own if place == "patches" else own - self.mixture(on_levels(views[place]))
            weights = texture if what.endswith("textured") else flat.expand_as(values)
            found.append((values * weights).sum(1) / weights.sum(1))
        return found


OF_ANSWERS = ("transform-consistency", "feature-squeezing", "reconstruction")


def of_answers(row: torch.Tensor, under: torch.Tensor, what: str, label: torch.Tensor) -> torch.Tensor:
    if what == "margin":
        return -margin(under, label)
    if what == "drop":
        return margin(row, label) - margin(under, label)
    if what == "runner-up":
        runner = row.detach().scatter(1, label[:, None], -torch.inf).argmax(1)
        odds = [p.gather(1, runner[:, None])[:, 0] - p.gather(1, label[:, None])[:, 0] for p in (row, under)]
        return odds[1] - odds[0]
    raise SystemExit(f"{what}: not among the statistics that the attacker has rebuilt")


def place_of(plugin: str, name: str) -> tuple[str, str]:
    """What a component looks at, and what it measures there."""
    place, _, what = name.rpartition(":")
    return (place or plugin, what)


def known(detector: str, place: str, what: str) -> str:
    if place != "reference":
        raise SystemExit(f"{detector}: {place}:{what} is not rebuilt")
    return what


def key_of(transform: dict) -> str:
    """The key of a configuration's transform, as components' names have it."""
    ((name, value),) = transform.items()
    if isinstance(value, dict):
        return ":".join([name, *(f"{value.get(k, d):g}" for k, d in (("search", 11), ("window", 3), ("strength", 4)))])
    return f"{name}:{value:g}"
