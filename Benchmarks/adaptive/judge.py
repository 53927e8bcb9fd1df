"""Verdicts of the real guard, by `picket evaluate`: no attacker's own arithmetic decides what was detected."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEY = "5a" * 32


@dataclass
class Verdicts:
    """By row: whether the model was fooled, whether the chain flagged; and each component."""

    fooled: np.ndarray
    flagged: np.ndarray
    components: np.ndarray

    @property
    def through(self) -> np.ndarray:
        return self.fooled & ~self.flagged


def judged(picket: Path, configuration: Path, model: str, clean: Path, sets: dict[str, tuple]) -> dict[str, Verdicts]:
    """`sets`: name → (x uint8, y, x0 uint8), as `.npz` files of these arrays."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, (x, y, x0) in sets.items():
            files.append(Path(folder) / f"{name}.npz")
            np.savez(files[-1], x=x, y=y, x0=x0)
        # The clean rows are not what is asked here; a few keep the command short.
        with np.load(clean) as rows:
            np.savez(Path(folder) / "clean.npz", x=rows["x"][:64], y=rows["y"][:64])
        command = [picket, "evaluate", "--json", "--config", configuration, "--model", model, "--key", KEY]
        command += ["--clean", Path(folder) / "clean.npz", "--components", Path(folder) / "found"]
        command += ["--adversarial", *files]
        done = subprocess.run([str(one) for one in command], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"picket evaluate exited with {done.returncode}: {done.stderr}")
        answer = json.loads(done.stdout)
        verdicts = {}
        for name, (_, y, _) in sets.items():
            rows = np.load(Path(folder) / "found" / f"{name}.rows.npy")
            components = np.load(Path(folder) / "found" / f"{name}.components.npy")
            verdicts[name] = Verdicts(rows[:, 0] != y, rows[:, 3] == 1, components)
            (stated,) = [one for one in answer["sets"] if Path(one["file"]).stem == name]
            counted = verdicts[name]
            if (stated["successful"], stated["detected"]) != (
                int(counted.fooled.sum()), int((counted.fooled & counted.flagged).sum()),
            ):  # fmt: skip
                raise SystemExit(f"{name}: picket evaluate counts {stated}, its rows say otherwise")
        return verdicts
