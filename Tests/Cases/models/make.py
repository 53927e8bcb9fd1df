#!/usr/bin/env python3
"""Writes the model cases that are easier said in ONNX's own library than in Swift.

Needs: pip install onnx onnxruntime numpy.
"""

import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(11)


def weights(name, *shape, dtype=np.float32):
    return numpy_helper.from_array(RANDOM.normal(size=shape).astype(dtype), name)


def info(name, shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def case(name, nodes, expectation, origin, inputs=None, outputs=None, initializers=(), opset=17, ir=8, **extra):
    graph = helper.make_graph(
        nodes, name, inputs or [info("x", ["N", 4])], outputs or [info("y", ["N", 4])], list(initializers)
    )
    imports = [helper.make_opsetid("", opset)] + [helper.make_opsetid(*other) for other in extra.pop("domains", [])]
    model = helper.make_model(graph, opset_imports=imports, ir_version=ir, producer_name="picket make.py", **extra)
    # The library has no word for an attribute that refers to the caller's.
    for function in model.functions:
        for inner in function.node:
            if inner.op_type in ("LeakyRelu", "inner"):
                own = "alpha" if inner.op_type == "LeakyRelu" else "slope"
                inner.attribute.add(name=own, ref_attr_name="slope", type=onnx.AttributeProto.FLOAT)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (folder / "case.txt").write_text(f"{expectation}\n{origin}\n")


node = helper.make_node

case(
    "initializers-as-inputs",
    [node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "b"], ["y"])],
    "imports Gemm",
    "Exporters of IR version 3 list every initializer as an input too; no client sends those.",
    inputs=[info("x", ["N", 4]), info("w", [4, 4]), info("b", [4])],
    initializers=[weights("w", 4, 4), weights("b", 4)],
    opset=9,
    ir=3,
)
case(
    "constants-in-every-form",
    [
        node("Constant", [], ["a"], value=weights("", 4)),
        node("Constant", [], ["b"], value_float=2.0),
        node("Constant", [], ["c"], value_floats=[1.0, 2.0, 3.0, 4.0]),
        node("Constant", [], ["d"], value_int=-1),
        node("Constant", [], ["e"], value_ints=[0, 4]),
        node("Mul", ["a", "b"], ["ab"]),
        node("Add", ["ab", "c"], ["abc"]),
        node("Add", ["x", "abc"], ["s"]),
        node("Unsqueeze", ["d", "z"], ["d1"]),
        node("Constant", [], ["z"], value_ints=[0]),
        node("Reshape", ["s", "e"], ["r"]),
        node("Identity", ["r"], ["y"]),
    ],
    "imports Add Reshape",
    "The attribute forms of Constant (opset 12), used before they are made; folded, sorted, dead ones removed.",
)
case(
    "typed-lists",
    [
        node("Gather", ["table", "i64"], ["g"], axis=0),
        node("Cast", ["u8"], ["u"], to=TensorProto.FLOAT),
        node("Cast", ["b"], ["f"], to=TensorProto.FLOAT),
        node("Mul", ["g", "u"], ["gu"]),
        node("Add", ["gu", "f"], ["guf"]),
        node("Add", ["x", "guf"], ["y"]),
    ],
    "imports Add",
    "helper.make_tensor writes float_data, int64_data and int32_data, short and long, where exporters write raw_data.",
    inputs=[info("x", ["N", 20])],
    outputs=[info("y", ["N", 20])],
    initializers=[
        helper.make_tensor("table", TensorProto.FLOAT, [32], [float(i) for i in range(32)]),
        helper.make_tensor("i64", TensorProto.INT64, [20], list(range(19)) + [-1]),
        helper.make_tensor("u8", TensorProto.UINT8, [20], [255 - i for i in range(20)]),
        helper.make_tensor("b", TensorProto.BOOL, [1], [True]),
    ],
)
case(
    "shape-arithmetic",
    [
        node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "zero"], ["n"], axis=0),
        node("Unsqueeze", ["n", "axes"], ["n1"]),
        node("Concat", ["n1", "rest"], ["target"], axis=0),
        node("Reshape", ["x", "target"], ["y"]),
    ],
    "imports Shape Gather Unsqueeze Concat Reshape",
    "How torch writes x.view(x.size(0), -1); the shape follows from the batch, so it stays in the graph.",
    inputs=[info("x", ["N", 2, 2])],
    initializers=[
        numpy_helper.from_array(np.array(0, np.int64), "zero"),
        numpy_helper.from_array(np.array([0], np.int64), "axes"),
        numpy_helper.from_array(np.array([-1], np.int64), "rest"),
    ],
)
case(
    "unused-results",
    [
        node("Dropout", ["x"], ["d", "mask"], ratio=0.5),
        node("BatchNormalization", ["i", "s", "b", "m", "v"], ["n", "m1", "v1", "m2", "v2"]),
        node("Unsqueeze", ["d"], ["i"], axes=[2]),
        node("Squeeze", ["n"], ["y"], axes=[2]),
    ],
    "imports Unsqueeze BatchNormalization Squeeze",
    "Exporters of opset 9 name results that nobody reads: Dropout's mask, BatchNormalization's statistics.",
    initializers=[weights("s", 4), weights("b", 4), weights("m", 4), numpy_helper.from_array(np.ones(4, np.float32), "v")],
    opset=9,
    ir=4,
)
case(
    "many-unsupported",
    [
        node(
            "If",
            ["c"],
            ["i"],
            then_branch=helper.make_graph([node("Ghost", ["x"], ["t"], name="within")], "t", [], [info("t", None)]),
            else_branch=helper.make_graph([node("Relu", ["x"], ["e"])], "e", [], [info("e", None)]),
        ),
        node("LSTM", ["i", "i", "i"], ["l"], hidden_size=4, name="recurrent"),
        node("Gelu", ["l"], ["g"], domain="com.microsoft", name="fused"),
        node("Relu", ["g"], ["y"]),
    ],
    "refused \"within\" (Ghost) | \"recurrent\" (LSTM) | \"fused\" (Gelu) | com.microsoft | opset 17",
    "Everything that is not supported is named at once.",
    inputs=[info("x", ["N", 4]), info("c", [], TensorProto.BOOL)],
    domains=[("com.microsoft", 1)],
)
case(
    "float8-weights",
    [node("Cast", ["w"], ["f"], to=TensorProto.FLOAT), node("Add", ["x", "f"], ["y"])],
    "refused initializer \"w\" | FLOAT8E4M3FN",
    "An element type that no kernel of Picket reads.",
    initializers=[helper.make_tensor("w", TensorProto.FLOAT8E4M3FN, [4], bytes(4), raw=True)],
    opset=19,
)
def nested(depth):
    """An If in an If, so many times; the innermost hands x on."""
    inner = node("Identity", ["x"], ["r0"])
    for level in range(1, depth + 1):
        name = f"r{level - 1}"
        branches = [helper.make_graph([inner], f"{side}{level}", [], [info(name, ["N", 4])]) for side in ("then", "else")]
        inner = node("If", ["c"], [f"r{level}"], then_branch=branches[0], else_branch=branches[1])
    return inner


case(
    "deep-subgraphs",
    [nested(5), node("Relu", ["r5"], ["y"])],
    "refused a graph in 4 graphs, expected no deeper",
    "Branches in branches, deeper than any exporter writes.",
    inputs=[info("x", ["N", 4]), info("c", [], TensorProto.BOOL)],
)
case(
    "known-branches",
    [nested(3), node("Relu", ["r3"], ["y"])],
    "imports Relu",
    "torch's TorchScript exporter leaves Ifs whose condition follows from the model alone.",
    initializers=[numpy_helper.from_array(np.array(True), "c")],
)
case(
    "functions",
    [node("outer", ["x"], ["y"], domain="of.the.model", slope=0.25)],
    "imports LeakyRelu Relu Add",
    "torch's newer exporter writes a module as a function; one calls another, with an attribute handed down.",
    domains=[("of.the.model", 1)],
    functions=[
        helper.make_function(
            "of.the.model", "inner", ["a"], ["b"], [node("LeakyRelu", ["a"], ["b"])],
            [helper.make_opsetid("", 16)], ["slope"],
        ),
        helper.make_function(
            "of.the.model", "outer", ["a"], ["b"],
            [node("inner", ["a"], ["t"], domain="of.the.model"), node("Relu", ["a"], ["u"]), node("Add", ["t", "u"], ["b"])],
            [helper.make_opsetid("", 17), helper.make_opsetid("of.the.model", 1)], ["slope"],
        ),
    ],
)
case(
    "data-dependent-shape",
    [node("Reshape", ["x", "s"], ["y"])],
    "imports Reshape",
    "A shape that only a client's data tells: the model runs, but never rows of several clients together.",
    inputs=[info("x", ["N", 4]), info("s", [2], TensorProto.INT64)],
)


def half_classifier():
    """A whole classifier in float16, with an input and what onnxruntime makes of it."""
    half = {"dtype": np.float16}
    case(
        "half-classifier",
        [
            node("Conv", ["x", "w1"], ["c1"], pads=[1, 1, 1, 1]), node("Relu", ["c1"], ["r1"]),
            node("Conv", ["r1", "w2", "b2"], ["c2"], strides=[2, 2]),
            node("Conv", ["r1", "w5"], ["c3"], strides=[2, 2]), node("Add", ["c2", "c3"], ["s2"]),
            node("Relu", ["s2"], ["r2"]), node("GlobalAveragePool", ["r2"], ["p"]), node("Flatten", ["p"], ["f"]),
            node("Gemm", ["f", "w3", "b3"], ["g"], transB=1), node("Relu", ["g"], ["r3"]),
            node("MatMul", ["r3", "w4"], ["m"]), node("Add", ["m", "b4"], ["t"]), node("Add", ["t", "r3"], ["y"]),
        ],
        "imports Conv Relu Conv Conv Add Relu GlobalAveragePool Flatten Gemm Relu MatMul Add Add",
        "Classifiers exported in half precision: what fuses in float32 rounds at each node here.",
        inputs=[info("x", ["N", 3, 16, 16], TensorProto.FLOAT16)],
        outputs=[info("y", ["N", 10], TensorProto.FLOAT16)],
        initializers=[
            weights("w1", 8, 3, 3, 3, **half), weights("w2", 12, 8, 3, 3, **half), weights("b2", 12, **half),
            weights("w5", 12, 8, 3, 3, **half),
            weights("w3", 10, 12, **half), weights("b3", 10, **half), weights("w4", 10, 10, **half), weights("b4", 10, **half),
        ],
    )
    place = HERE / "half-classifier"
    x = RANDOM.normal(size=(3, 3, 16, 16)).astype(np.float16)
    session = onnxruntime.InferenceSession(str(place / "model.onnx"), providers=["CPUExecutionProvider"])
    np.save(place / "input.npy", x)
    np.save(place / "output.npy", session.run(None, {"x": x})[0])


half_classifier()
