"""ONNX export, and the exported model run by onnxruntime: what counts is the file, not the torch module."""

import warnings
from functools import cache

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import torch
from torch import nn

from models import ARCHITECTURES
from paths import MODELS

OPSET = 17
# What the models may be made of.
OPERATORS = {
    "Conv", "BatchNormalization", "Relu", "LeakyRelu", "HardSwish", "MaxPool", "AveragePool", "GlobalAveragePool",
    "Gemm", "MatMul", "Add", "Sub", "Div", "Flatten", "Identity", "Constant", "Reshape",
    "Sigmoid", "Transpose",
}  # fmt: skip


def export(name: str, model: nn.Module, output: str = "logits") -> None:
    """BatchNormalization nodes stay in the file: folding them is the importer's work, and worth testing."""
    MODELS.mkdir(exist_ok=True)
    path = MODELS / f"{name}.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (torch.zeros(2, 1, 28, 28),),
            path,
            input_names=["input"],
            output_names=[output],
            dynamic_axes={"input": {0: "N"}, output: {0: "N"}},
            opset_version=OPSET,
            training=torch.onnx.TrainingMode.PRESERVE,
            dynamo=False,
        )
    graph = onnx.load(path)
    # The exporter names the axes that it cannot foresee; all but the first are known here.
    axes = graph.graph.output[0].type.tensor_type.shape.dim
    for axis, extent in list(zip(axes, model(torch.zeros(2, 1, 28, 28)).shape, strict=True))[1:]:
        axis.dim_value = extent
    onnx.save(graph, path)
    onnx.checker.check_model(graph, full_check=True)
    unexpected = {node.op_type for node in graph.graph.node} - OPERATORS
    if unexpected:
        raise SystemExit(f"{path}: operators outside the list: {sorted(unexpected)}")


def exported(name: str) -> nn.Module:
    """The torch module of an exported file, whose initializers keep the parameters' names."""
    stored = onnx.load(MODELS / f"{name}.onnx").graph.initializer
    state = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in stored}
    model = ARCHITECTURES[name]()
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(not key.endswith("num_batches_tracked") for key in missing):
        raise SystemExit(f"{name}.onnx does not hold the parameters of its architecture: {missing}, {unexpected}")
    return model.eval()


@cache
def session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(MODELS / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])


def outputs(name: str, output: str, x: np.ndarray, batch: int = 500) -> np.ndarray:
    run = session(name).run
    return np.concatenate([run([output], {"input": x[i : i + batch]})[0] for i in range(0, len(x), batch)])


def logits(name: str, x: np.ndarray) -> np.ndarray:
    """float32 [n,1,28,28] in [0,1] → float32 [n,10]."""
    return outputs(name, "logits", x)
