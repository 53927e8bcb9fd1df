"""ONNX export, and the exported model run by onnxruntime: what counts is the file, not the torch module."""

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import torch
from torch import nn

OPSET = 17


def export(model: nn.Module, path: Path, side: int = 32) -> None:
    """BatchNormalization nodes stay in the file: folding them is the importer's work."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (torch.zeros(2, 3, side, side),),
            path,
            input_names=["input"],
            output_names=["logits"],
            dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}},
            opset_version=OPSET,
            training=torch.onnx.TrainingMode.PRESERVE,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(path), full_check=True)


def exported(path: Path, model: nn.Module) -> nn.Module:
    """The module with the parameters of an exported file, whose initializers keep their names."""
    expected = model.state_dict()
    stored = {tensor.name: tensor for tensor in onnx.load(path).graph.initializer if tensor.name in expected}
    state = {name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for name, tensor in stored.items()}
    missing, _ = model.load_state_dict(state, strict=False)
    if any(not key.endswith("num_batches_tracked") for key in missing):
        raise SystemExit(f"{path} does not hold the parameters of its architecture: {missing}")
    return model.eval()


class Exported:
    """An exported model: float32 [n,…] in, its first output out."""

    def __init__(self, path: Path, threads: int = 2, batch: int = 250) -> None:
        self.batch = batch
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])

    def __call__(self, x: np.ndarray) -> np.ndarray:
        chunks = range(0, len(x), self.batch)
        parts = [self.session.run(None, {"input": x[i : i + self.batch]})[0] for i in chunks]
        return np.concatenate(parts)
