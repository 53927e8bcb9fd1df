"""The example's files: what every detector is fitted on and measured on."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "Examples/fashion-mnist"
SCORES = HERE / ".build/scores"
sys.path.append(str(EXAMPLE))

SERVED, MEMBERS = "fashion-cnn", ("fashion-b", "fashion-c")


def unit(x: np.ndarray) -> np.ndarray:
    """uint8 → float32 in [0,1]: what the 8-bit sets are as the model sees them."""
    return x.astype(np.float32) / np.float32(255)


@dataclass(frozen=True)
class Files:
    """Pictures float32 [n,1,28,28] in [0,1]; `sets` by file name, every row misclassified by the served model."""

    calibration: np.ndarray
    test: np.ndarray
    sets: dict[str, np.ndarray]


def read() -> Files:
    def pictures(path: Path) -> np.ndarray:
        return unit(np.load(path)["x"])

    data = EXAMPLE / "data"
    found = sorted(data.glob("adversarial/*-8bit.npz")) + sorted(data.glob("garment/*-8bit.npz"))
    return Files(
        calibration=pictures(data / "clean-calibration.npz"),
        test=pictures(data / "clean-test.npz"),
        sets={path.name.removesuffix("-8bit.npz"): pictures(path) for path in found},
    )


def probabilities(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def answers(model: str, x: np.ndarray, batch: int = 500) -> np.ndarray:
    """The class probabilities of one of the example's models, float32 [n,10], from onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    run = onnxruntime.InferenceSession(str(EXAMPLE / f"models/{model}.onnx"), options).run
    parts = [run(["logits"], {"input": x[start : start + batch]})[0] for start in range(0, len(x), batch)]
    return probabilities(np.concatenate(parts))


def training_pictures(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first rows that the example's models were trained on; needs Debian's dataset-fashion-mnist."""
    import data

    chosen = data.splits().train.take(np.arange(count))
    return chosen.unit, chosen.y
