"""TensorFlow's uneven padding, as the exported file should have it: an attribute of its convolution.

torch's exporter computes the pads of a Pad in the graph, with ten nodes for each."""

from pathlib import Path

import onnx
import onnx.numpy_helper
import torch
from torch.onnx import symbolic_helper


def constant_pad(graph, picture, pad, mode, value):
    """aten::pad with zeros and known widths, as one Pad."""
    left, right, top, bottom = symbolic_helper._get_const(pad, "is", "pad")
    widths = torch.tensor([0, 0, top, left, 0, 0, bottom, right])
    return graph.op("Pad", picture, graph.op("Constant", value_t=widths))


torch.onnx.register_custom_op_symbolic("aten::pad", constant_pad, 17)


def into_convolutions(path: Path) -> None:
    """Pad then Conv becomes Conv with `pads`, in the file."""
    model = onnx.load(path)
    nodes = model.graph.node
    maker = {output: node for node in nodes for output in node.output}
    for node in nodes:
        pad = maker.get(node.input[0]) if node.op_type == "Conv" else None
        if pad is None or pad.op_type != "Pad":
            continue
        widths = onnx.numpy_helper.to_array(maker[pad.input[1]].attribute[0].t)
        attribute = next(a for a in node.attribute if a.name == "pads")
        attribute.ints[:] = [int(widths[axis]) for axis in (2, 3, 6, 7)]
        node.input[0] = pad.input[0]
        nodes.remove(maker[pad.input[1]])
        nodes.remove(pad)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
