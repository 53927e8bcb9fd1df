"""The calibration file's numbers: rank tables, threshold, and the mixture of clean patches, as the guard reads them."""

import base64
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def unpacked(text: str) -> np.ndarray:
    kind, _, data = text.partition(":")
    return np.frombuffer(base64.b64decode(data), {"float32": "<f4", "float64": "<f8"}[kind]).astype(np.float64)


class RankTable:
    """A number's normal score by its mid-rank among clean ones, interpolated; beyond the largest, clean deviations.

    `score` is the guard's, for judging. `smooth` has the same tail but knots at only 48 places below it: between 1,500
    neighbours the slope is noise, which no gradient should follow.
    """

    def __init__(self, table: dict, knots: int = 48) -> None:
        values = unpacked(table["values"])
        counts = np.ones(len(values))
        ties = table.get("ties") or []
        for place, count in zip(ties[::2], ties[1::2], strict=True):
            counts[place] = count
        self.logarithm = table["scale"] == "logarithm"
        self.floor = values[0] if self.logarithm else -np.inf
        places = np.log(values) if self.logarithm else values
        rank = (np.cumsum(counts) - counts + (counts + 1) / 2) / (counts.sum() + 1)
        scores = torch.special.ndtri(torch.from_numpy(rank)).numpy()
        mean = np.average(places, weights=counts)
        deviation = np.sqrt((counts * (places - mean) ** 2).sum() / max(counts.sum() - 1, 1))
        self.deviation = float(deviation) if deviation > 0 else 1.0
        self.exact = (torch.from_numpy(places), torch.from_numpy(scores))
        chosen = np.unique(np.linspace(0, len(places) - 1, knots).round().astype(int))
        self.coarse = (self.exact[0][chosen], self.exact[1][chosen])

    def score(self, value: torch.Tensor) -> torch.Tensor:
        return self._score(value, *self.exact)

    def smooth(self, value: torch.Tensor) -> torch.Tensor:
        return self._score(value, *self.coarse)

    def _score(self, value: torch.Tensor, places: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        place = value.clamp_min(self.floor).log() if self.logarithm else value
        if len(places) == 1:
            return scores[0] + ((place - places[0]) / self.deviation).clamp_min(0)
        held = place.clamp(places[0], places[-1])
        after = torch.searchsorted(places, held.detach()).clamp(1, len(places) - 1)
        share = (held - places[after - 1]) / (places[after] - places[after - 1])
        inside = scores[after - 1] + share * (scores[after] - scores[after - 1])
        return inside + ((place - places[-1]) / self.deviation).clamp(0, 1e6)


class PatchMixture(nn.Module):
    """The state of input-statistics: a mixture of Gaussians over 3 × 3 patches of grey levels."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        raw = path.read_bytes()
        magic, version, dimension, size = struct.unpack_from("<4sIII", raw)
        if magic != b"PKIS" or version != 1:
            raise SystemExit(f"{path}: no state of input-statistics")
        numbers = torch.from_numpy(np.frombuffer(raw, "<f4", offset=16).copy())
        constants, means, packed = numbers.split([size, size * dimension, len(numbers) - size * (1 + dimension)])
        whitening = torch.zeros(size, dimension, dimension)
        rows, columns = torch.tril_indices(dimension, dimension)
        whitening[:, rows, columns] = packed.view(size, -1)
        self.constants, self.whitening = constants, whitening
        self.shift = torch.einsum("gij,gj->gi", whitening, means.view(size, dimension))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Negative log-likelihoods of a picture's patches, nats, [n, patches]; x in [0,1], on the grid, [n,c,h,w]."""
        patches = functional.unfold(x * 255, 3).transpose(1, 2)
        white = torch.einsum("gij,npj->npgi", self.whitening, patches) - self.shift
        return -torch.logsumexp(self.constants - white.square().sum(-1) / 2, -1)
