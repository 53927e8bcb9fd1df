#!/usr/bin/env python3
"""Makes the operator cases: one-node models, their inputs, and what onnxruntime computes for them.

    python3 -m venv venv && venv/bin/pip install onnx==1.17.0 onnxruntime==1.20.1
    venv/bin/python make.py

Each case is checked against onnx's own reference evaluator as well, except where that is known to be wrong. A tensor is
its type, shape and base64 of its little-endian bytes. `constant` names the inputs that tests also try as initialisers.
"""

import base64
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(20240607)
cases = {}


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def tensor(array):
    array = np.asarray(array)
    name = {"bool": "bool"}.get(str(array.dtype), str(array.dtype))
    return {
        "type": name,
        "shape": list(array.shape),
        "data": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
    }


def attribute(value):
    if isinstance(value, bool):
        return {"int": int(value)}
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": float(np.float32(value))}
    if isinstance(value, str):
        return {"string": value}
    if isinstance(value, np.ndarray):
        return {"tensor": tensor(value)}
    if all(isinstance(v, int) for v in value):
        return {"ints": list(value)}
    return {"floats": [float(np.float32(v)) for v in value]}


def case(operator, name, opset, inputs, constant=(), runtime=True, reference=True, tolerance=1e-5, output_type=None, **attributes):
    names = [f"input{i}" if x is not None else "" for i, x in enumerate(inputs)]
    onnx_attributes = {
        k: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v for k, v in attributes.items()
    }
    node = helper.make_node(operator, names, ["output"], **onnx_attributes)
    types = [helper.np_dtype_to_tensor_dtype(x.dtype) if x is not None else None for x in inputs]
    initialisers = [numpy_helper.from_array(inputs[i], names[i]) for i in constant]
    graph = helper.make_graph(
        [node],
        name,
        [
            helper.make_tensor_value_info(names[i], types[i], x.shape)
            for i, x in enumerate(inputs)
            if x is not None and i not in constant
        ],
        [helper.make_tensor_value_info("output", output_type or (types + [TensorProto.FLOAT])[0], None)],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    feeds = {names[i]: x for i, x in enumerate(inputs) if x is not None and i not in constant}
    onnxruntime.set_default_logger_severity(3)
    if reference:
        (expected,) = ReferenceEvaluator(model).run(None, feeds)
        output = expected
    if runtime:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (output,) = session.run(None, feeds)
    if runtime and reference:
        np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-5, err_msg=f"{operator} {name}")
    cases.setdefault(operator, []).append(
        {
            "name": name,
            "opset": opset,
            "attributes": {k: attribute(v) for k, v in attributes.items()},
            "inputs": [None if x is None else tensor(x) for x in inputs],
            "constant": list(constant),
            "output": tensor(output),
            "tolerance": tolerance,
        }
    )


def convolutions():
    def conv(name, opset, x, w, b=None, **attributes):
        inputs = [x, w] + ([b] if b is not None else [])
        case("Conv", name, opset, inputs, constant=range(1, len(inputs)), tolerance=1e-4, reference=False, **attributes)

    conv("3x3", 11, normal(2, 3, 7, 9), normal(5, 3, 3, 3), normal(5))
    conv("1x1 many channels", 11, normal(3, 40, 5, 5), normal(33, 40, 1, 1), normal(33))
    conv("padded", 7, normal(2, 3, 8, 8), normal(4, 3, 3, 3), pads=[1, 1, 1, 1])
    conv("asymmetric pads", 11, normal(1, 2, 6, 7), normal(3, 2, 3, 3), normal(3), pads=[0, 1, 2, 3])
    conv("strides", 11, normal(2, 4, 11, 13), normal(6, 4, 3, 5), pads=[1, 2, 1, 2], strides=[2, 3])
    conv("dilations", 11, normal(1, 3, 12, 12), normal(4, 3, 3, 3), dilations=[2, 3], pads=[2, 3, 2, 3])
    conv("groups", 11, normal(2, 6, 7, 7), normal(9, 2, 3, 3), normal(9), group=3, pads=[1, 1, 1, 1])
    conv("depthwise", 11, normal(2, 19, 9, 9), normal(19, 1, 3, 3), normal(19), group=19, pads=[1, 1, 1, 1])
    conv("depthwise multiplier", 11, normal(1, 5, 8, 8), normal(10, 1, 5, 5), group=5, strides=[2, 2])
    conv("same upper", 11, normal(1, 3, 7, 8), normal(4, 3, 3, 2), auto_pad="SAME_UPPER", strides=[2, 2])
    conv("same lower", 11, normal(1, 3, 7, 8), normal(4, 3, 4, 3), auto_pad="SAME_LOWER", strides=[2, 2])
    conv("valid", 11, normal(1, 3, 7, 8), normal(4, 3, 3, 3), auto_pad="VALID")
    conv("kernel as large as input", 11, normal(2, 3, 6, 6), normal(4, 3, 6, 6))
    conv("pad wider than input", 11, normal(1, 2, 3, 3), normal(3, 2, 5, 5), pads=[4, 4, 4, 4])
    conv("1-D", 11, normal(2, 3, 17), normal(4, 3, 5), normal(4), pads=[2, 1], strides=[2])
    conv("1-D dilated groups", 11, normal(2, 4, 20), normal(8, 2, 3), group=2, dilations=[3])
    conv("wide", 21, normal(1, 16, 14, 30), normal(24, 16, 3, 3), normal(24), pads=[1, 1, 1, 1])
    conv("first layer", 13, normal(1, 3, 33, 33), normal(16, 3, 7, 7), normal(16), strides=[2, 2], pads=[3, 3, 3, 3])


def normalisation():
    # The reference evaluator normalises by the batch's own statistics before opset 14.
    for opset in (7, 9, 14, 15):
        for shape in ((2, 5), (2, 5, 4), (3, 5, 4, 3)):
            parameters = [normal(5), normal(5), normal(5), np.abs(normal(5)) + 0.1]
            case("BatchNormalization", f"{shape}", opset, [normal(*shape)] + parameters, constant=range(1, 5),
                 reference=opset >= 14, epsilon=1e-3)


def activations():
    values = np.array([-np.inf, -100, -8, -3.5, -3, -1, -0.5, -1e-6, 0, 1e-6, 0.5, 1, 2.9, 3, 3.5, 8, 100, np.inf, np.nan],
                      dtype=np.float32)
    for operator, opset, attributes in [
        ("Relu", 7, {}), ("Relu", 14, {}), ("LeakyRelu", 7, {}), ("LeakyRelu", 16, {"alpha": 0.3}),
        ("Sigmoid", 7, {}), ("Sigmoid", 13, {}), ("Tanh", 7, {}), ("Tanh", 13, {}),
        ("HardSwish", 14, {}), ("HardSigmoid", 7, {}), ("HardSigmoid", 13, {"alpha": 0.4, "beta": 0.3}),
    ]:
        # onnxruntime's Relu and HardSwish lose NaN or turn infinities into it; the specification's formula does not.
        for name, x in [("finite", values[1:-2]), ("tensor", normal(3, 7, 5, 11) * 4)]:
            case(operator, name, opset, [x], **attributes)
    case("Clip", "attributes", 7, [normal(3, 50)], min=-0.5, max=0.75)
    case("Clip", "attribute max", 7, [normal(3, 50)], max=0.25)
    for opset in (11, 13):
        bounds = [np.array(-0.5, np.float32), np.array(0.75, np.float32)]
        case("Clip", "bounds", opset, [normal(3, 50)] + bounds, constant=[1, 2])
        case("Clip", "bounds of the run", opset, [normal(3, 50)] + bounds)
        case("Clip", "max only", opset, [normal(3, 50), None, bounds[1]], constant=[2])
        case("Clip", "none", opset, [normal(3, 50)])
    for operator in ("Softmax", "LogSoftmax"):
        for opset in (7, 11, 13):
            for axis in (-1, 0, 1, 2):
                if opset == 7 and axis < 0:
                    continue
                case(operator, f"axis {axis}", opset, [normal(3, 5, 7) * 3], axis=axis, reference=opset >= 13)
        case(operator, "default", 11, [normal(2, 3, 4)], reference=False)
        case(operator, "default", 13, [normal(2, 3, 4)])
        case(operator, "large", 13, [np.array([[1000, 1001, 999], [-1000, -1001, -1002]], np.float32)])
        case(operator, "thousand classes", 13, [normal(4, 1000) * 10])


def pooling():
    x = normal(2, 5, 9, 10)
    for operator in ("MaxPool", "AveragePool"):
        def pool(name, opset, x=x, **attributes):
            case(operator, name, opset, [x], reference=False, **attributes)

        pool("2x2", 7, kernel_shape=[2, 2], strides=[2, 2])
        pool("3x3", 11, kernel_shape=[3, 3])
        pool("padded", 11, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        pool("asymmetric", 11, kernel_shape=[3, 2], pads=[1, 0, 2, 1], strides=[1, 2])
        pool("ceil", 11, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
        pool("ceil padded", 19, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
        pool("same upper", 11, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
        pool("same lower", 11, kernel_shape=[4, 3], strides=[2, 2], auto_pad="SAME_LOWER")
        pool("valid", 11, kernel_shape=[2, 3], auto_pad="VALID")
        pool("1-D", 11, x=normal(2, 3, 15), kernel_shape=[4], strides=[3])
        pool("global", 11, x=normal(2, 3, 6, 6), kernel_shape=[6, 6])
        pool("stride 2 wide", 11, x=normal(1, 8, 28, 28), kernel_shape=[2, 2], strides=[2, 2])
    for opset in (10, 12):
        case("MaxPool", "dilated", opset, [x], reference=False, kernel_shape=[3, 2], dilations=[2, 3])
    case("AveragePool", "dilated", 19, [x], reference=False, kernel_shape=[2, 2], dilations=[2, 2])
    for padding in (0, 1):
        case("AveragePool", f"include pad {padding}", 11, [x], reference=False, kernel_shape=[3, 3], pads=[1, 1, 1, 1],
             count_include_pad=padding)
        case("AveragePool", f"include pad {padding} strides", 11, [x], reference=False, kernel_shape=[3, 3],
             pads=[2, 1, 1, 2], strides=[2, 2], count_include_pad=padding)
    for shape in ((2, 3, 7), (2, 3, 7, 5), (2, 3, 4, 5, 2)):
        case("GlobalAveragePool", f"{shape}", 7, [normal(*shape)])


def linear():
    for opset in (7, 9, 11, 13):
        case("Gemm", "plain", opset, [normal(3, 17), normal(17, 10), normal(10)], constant=[1, 2])
    case("Gemm", "transposed B", 13, [normal(3, 17), normal(10, 17), normal(10)], constant=[1, 2], transB=1)
    case("Gemm", "all attributes", 13, [normal(17, 4), normal(10, 17), normal(4, 10)], constant=[1], transA=1, transB=1,
         alpha=0.25, beta=0.35)
    case("Gemm", "scalar C", 13, [normal(3, 17), normal(17, 10), np.array(2.5, np.float32)], constant=[1, 2], beta=0.5)
    case("Gemm", "column C", 13, [normal(3, 17), normal(17, 10), normal(3, 1)], constant=[1], beta=2.0)
    case("Gemm", "row C", 13, [normal(3, 17), normal(17, 10), normal(1, 10)], constant=[1, 2])
    case("Gemm", "one C", 13, [normal(3, 17), normal(17, 10), normal(1)], constant=[1, 2])
    case("Gemm", "no C", 11, [normal(3, 17), normal(17, 10)], constant=[1])
    case("Gemm", "long", 13, [normal(70, 300), normal(300, 40), normal(40)], constant=[1, 2], tolerance=1e-4)
    case("Gemm", "one column", 13, [normal(5, 30), normal(30, 1), normal(5, 1)], constant=[1, 2])
    for opset in (7, 9, 13):
        case("MatMul", "matrices", opset, [normal(5, 7), normal(7, 9)], constant=[1])
    for name, a, b in [
        ("stack by matrix", (2, 3, 4, 5), (5, 6)), ("stack by stack", (2, 3, 4, 5), (2, 3, 5, 6)),
        ("broadcast left", (4, 5), (3, 5, 6)), ("broadcast both", (2, 1, 4, 5), (1, 3, 5, 6)),
        ("vectors", (5,), (5,)), ("vector by matrix", (5,), (5, 6)), ("matrix by vector", (4, 5), (5,)),
        ("vector by stack", (5,), (3, 5, 6)), ("stack by vector", (3, 4, 5), (5,)), ("tall", (100, 33), (33, 20)),
    ]:
        case("MatMul", name, 13, [normal(*a), normal(*b)], constant=[1])


def arithmetic():
    for operator in ("Add", "Sub", "Mul", "Div"):
        for name, a, b in [
            ("equal", (2, 3, 4), (2, 3, 4)), ("scalar", (2, 3, 4), ()), ("scalar left", (), (2, 3, 4)),
            ("per channel", (2, 3, 4, 5), (3, 1, 1)), ("last axis", (2, 3, 4), (4,)), ("outer", (4, 1), (1, 5)),
            ("middle", (2, 3, 4), (2, 1, 4)), ("both ways", (2, 1, 4, 1), (3, 1, 5)), ("large", (3, 1500), (3, 1500)),
            ("ones", (1, 1), (1,)), ("left per row", (6, 1), (6, 70)),
        ]:
            case(operator, name, 7 if name == "equal" else 14, [normal(*a), normal(*b)])
        for dtype in (np.int32, np.int64, np.float64):
            a = (random.integers(-50, 50, (3, 4))).astype(dtype)
            b = np.where(random.integers(0, 2, (4,)) == 0, 3, -7).astype(dtype)
            case(operator, f"{np.dtype(dtype)}", 14, [a, b], reference=operator != "Div")


def arrays():
    for opset in (7, 9, 11, 13, 21):
        for axis in (0, 1, 2, 3) + ((-1, -2) if opset >= 11 else ()):
            case("Flatten", f"axis {axis}", opset, [normal(2, 3, 4)], axis=axis)
    for name, shape, target, attributes in [
        ("copy and infer", (2, 3, 4), (0, -1), {}), ("infer", (2, 3, 4), (4, -1, 2), {}),
        ("scalar", (1, 1), (), {}), ("zero", (0, 3), (3, 0), {"allowzero": 1}), ("plain", (2, 6), (3, 4), {}),
    ]:
        case("Reshape", name, 14, [normal(*shape), np.array(target, dtype=np.int64)], constant=[1], **attributes)
    case("Reshape", "before allowzero", 7, [normal(2, 3, 4), ints(0, 12)], constant=[1])
    case("Squeeze", "attribute", 11, [normal(1, 3, 1, 2)], axes=[0, -2])
    case("Squeeze", "all", 11, [normal(1, 3, 1, 2)])
    case("Squeeze", "operand", 13, [normal(1, 3, 1, 2), ints(0)], constant=[1])
    case("Squeeze", "all", 13, [normal(1, 3, 1, 2)])
    case("Unsqueeze", "attribute", 11, [normal(3, 2)], axes=[0, -1])
    case("Unsqueeze", "operand", 13, [normal(3, 2), ints(3, 0, 1)], constant=[1])
    for perm in ([0, 2, 3, 1], [0, 3, 1, 2], [3, 2, 1, 0], [1, 0, 2, 3], [0, 1, 3, 2]):
        case("Transpose", f"{perm}", 13, [normal(2, 3, 4, 5)], perm=perm)
    case("Transpose", "default", 7, [normal(2, 3, 4)])
    case("Transpose", "moved ones", 13, [normal(2, 1, 4, 1)], perm=[1, 0, 3, 2])
    case("Transpose", "bytes", 13, [random.integers(0, 255, (3, 4, 5)).astype(np.uint8)], perm=[2, 0, 1])
    case("Transpose", "int64", 13, [random.integers(0, 255, (3, 4, 5)).astype(np.int64)], perm=[1, 2, 0])
    for axis in (0, 1, -1):
        parts = [[2, 3, 4], [2, 3, 4], [2, 3, 4]]
        for part, extent in zip(parts, (1, 5, 2)):
            part[axis] = extent
        case("Concat", f"axis {axis}", 13, [normal(*part) for part in parts], axis=axis)
    case("Concat", "one", 11, [normal(2, 3)], axis=1)
    case("Concat", "int64", 13, [ints(1, 2), ints(3)], axis=0)
    case("Pad", "attributes", 7, [normal(2, 3, 4)], pads=[0, 1, 2, 0, 2, 1], value=1.5, reference=False)
    case("Pad", "reflect attributes", 7, [normal(3, 4)], pads=[1, 2, 2, 3], mode="reflect", reference=False)
    for opset in (11, 13, 18, 21):
        value = np.array(-2.5, np.float32)
        case("Pad", "constant", opset, [normal(2, 3, 4), ints(0, 1, 2, 0, 2, 1), value], constant=[1, 2])
        case("Pad", "zeros", opset, [normal(2, 3, 4), ints(0, 1, 0, 0, 0, 1)], constant=[1])
        case("Pad", "reflect", opset, [normal(3, 4), ints(1, 2, 2, 3)], constant=[1], mode="reflect")
        case("Pad", "edge", opset, [normal(3, 4), ints(1, 2, 2, 3)], constant=[1], mode="edge")
    case("Pad", "cut", 13, [normal(5, 6), ints(-1, 2, -1, -3)], constant=[1], reference=False)
    case("Pad", "axes", 18, [normal(2, 3, 4), ints(1, 2), None, ints(-1)], constant=[1, 3])
    case("Pad", "wrap", 19, [normal(3, 4), ints(1, 2, 2, 3)], constant=[1], mode="wrap")
    case("Gather", "axis 0", 7, [normal(5, 3), np.array([[0, 4], [2, 2]], dtype=np.int64)])
    case("Gather", "axis 1 negative", 13, [normal(2, 5, 3), ints(-1, 0, -5)], axis=1)
    case("Gather", "scalar int32", 13, [normal(2, 5, 3), np.array(-2, np.int32)], axis=-1)
    case("Gather", "int64", 13, [ints(7, 8, 9), ints(1)], constant=[1])
    case("Identity", "floats", 7, [normal(2, 3)])
    case("Dropout", "plain", 7, [normal(2, 3)], reference=False, ratio=0.4)
    case("Dropout", "operands", 13, [normal(2, 3), np.array(0.5, np.float32), np.array(False)], constant=[1, 2])
    case("Constant", "value", 13, [], value=normal(2, 3))
    case("Constant", "value_float", 13, [], value_float=2.5)
    case("Constant", "value_floats", 13, [], value_floats=[2.5, -1.0])
    case("Constant", "value_int", 13, [], value_int=7, output_type=TensorProto.INT64)
    case("Constant", "value_ints", 13, [], value_ints=[7, -8], output_type=TensorProto.INT64)
    case("Shape", "all", 7, [normal(2, 3, 4)], output_type=TensorProto.INT64)
    for start, end in ((1, 3), (-1, 3), (0, -1), (-9, 9), (2, 1)):
        case("Shape", f"{start} to {end}", 15, [normal(2, 3, 4)], output_type=TensorProto.INT64, start=start, end=end)


def reductions():
    for name, axes in [("last", [-1]), ("planes", [2, 3]), ("middle", [1]), ("first", [0]), ("apart", [0, 2]),
                       ("all", [0, 1, 2, 3])]:
        for keep in (0, 1):
            case("ReduceMean", f"{name} keep {keep}", 13, [normal(2, 3, 4, 5)], axes=axes, keepdims=keep)
            case("ReduceMean", f"{name} keep {keep}", 18, [normal(2, 3, 4, 5), ints(*axes)], constant=[1], keepdims=keep)
    case("ReduceMean", "default", 7, [normal(2, 3, 4)], reference=False)
    case("ReduceMean", "no axes", 18, [normal(2, 3, 4)])
    # onnxruntime 1.20 fails on this one.
    case("ReduceMean", "none", 18, [normal(2, 3, 4)], runtime=False, noop_with_empty_axes=1)


def casts():
    types = {np.float32: 1, np.uint8: 2, np.int8: 3, np.uint16: 4, np.int16: 5, np.int32: 6, np.int64: 7, np.bool_: 9,
             np.float16: 10, np.float64: 11, np.uint32: 12, np.uint64: 13}
    for source in types:
        values = np.array([0, 1, 2, 3, 100, 127], dtype=np.float64)
        if np.issubdtype(source, np.floating):
            values = np.array([0, 0.4, 1.5, 2.5, 100.99, 127.0])
        for target, code in types.items():
            case("Cast", f"{np.dtype(source)} to {np.dtype(target)}", 13, [values.astype(source)], to=code,
                 output_type=code)
    case("Cast", "negative to integers", 9, [np.array([-1.7, -0.2, 3.9, 1e6], np.float32)], to=7, output_type=7)
    case("Cast", "wrapping", 13, [ints(300, -1, 65537)], to=3, output_type=3)


convolutions()
normalisation()
activations()
pooling()
linear()
arithmetic()
arrays()
reductions()
casts()
for operator, list_ in sorted(cases.items()):
    text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in list_)
    (HERE / f"{operator}.json").write_text(f"[\n{text}\n]\n")
print(sum(map(len, cases.values())), "cases of", len(cases), "operators")
