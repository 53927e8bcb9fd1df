#!/usr/bin/env python3
"""Makes the cases of operators that move data: one-node models, their inputs, and what onnxruntime computes for them.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.32.0
    venv/bin/python moving.py

Cases look as those of make.py; `further` holds results after the first, `known` the inputs that a shape rule must know.
Where onnxruntime lacks a type or a form, onnx's own reference evaluator speaks, or numpy.
"""

import base64
import json
import pathlib
import zlib

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, NotImplemented as Lacking, RuntimeException

HERE = pathlib.Path(__file__).parent
cases = {}
random = np.random.default_rng(7)
onnxruntime.set_default_logger_severity(4)

ALL = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
       "uint64", "bool"]
NUMBERS = ALL[:-1]


def dtype(name):
    return ml_dtypes.bfloat16 if name == "bfloat16" else np.dtype(name)


def sample(name, *shape):
    """Small numbers that every type holds exactly."""
    if name == "bool":
        return random.integers(0, 2, shape).astype(bool)
    low = 0 if name.startswith("u") else -9
    return random.integers(low, 9, shape).astype(dtype(name))


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def tensor(array):
    array = np.asarray(array)
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"type": str(array.dtype), "shape": list(array.shape), "data": data}


def attribute(value):
    if isinstance(value, (bool, int, np.integer)):
        return {"int": int(value)}
    if isinstance(value, float):
        return {"float": float(np.float32(value))}
    if isinstance(value, str):
        return {"string": value}
    if isinstance(value, np.ndarray):
        return {"tensor": tensor(value)}
    if all(isinstance(v, (int, np.integer)) for v in value):
        return {"ints": [int(v) for v in value]}
    return {"floats": [float(np.float32(v)) for v in value]}


def model(operator, opset, inputs, outputs, attributes, types):
    names = [f"input{i}" if x is not None else "" for i, x in enumerate(inputs)]
    results = [f"output{i}" if wanted else "" for i, wanted in enumerate(outputs)]
    given = {k: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v for k, v in attributes.items()}
    node = helper.make_node(operator, names, results, **given)
    infos = [
        helper.make_tensor_value_info(names[i], helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        for i, x in enumerate(inputs)
        if x is not None
    ]
    outs = [helper.make_tensor_value_info(r, t, None) for r, t in zip(results, types) if r]
    graph = helper.make_graph([node], "g", infos, outs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def case(operator, name, opset, inputs, known=(), outputs=(True,), types=None, expected=None, tolerance=1e-5,
         judge="runtime", extra=False, **attributes):
    """`judge`: who computes what is expected where `expected` is not given."""
    attributes = {k.rstrip("_"): v for k, v in attributes.items()}
    if expected is None:
        first = next((x for x in inputs if x is not None), None)
        types = types or [helper.np_dtype_to_tensor_dtype(first.dtype)] * len(outputs)
        proto = model(operator, opset, inputs, outputs, attributes, types)
        feeds = {f"input{i}": x for i, x in enumerate(inputs) if x is not None}
        half = any(x is not None and x.dtype == ml_dtypes.bfloat16 for x in inputs)
        try:
            if judge != "runtime" or half:
                raise NotImplementedError
            session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
            found = session.run(None, feeds)
        except (NotImplementedError, Fail, Lacking, RuntimeException):
            found = ReferenceEvaluator(proto).run(None, feeds)
        found = iter(found)
        expected = [next(found) if wanted else None for wanted in outputs]
    entry = {
        "name": name,
        "opset": opset,
        "attributes": {k: attribute(v) for k, v in attributes.items()},
        "inputs": [None if x is None else tensor(x) for x in inputs],
        "constant": list(range(len(inputs)))[1:] if inputs else [],
        "known": list(known),
        "output": tensor(expected[0]),
        "tolerance": tolerance,
    }
    if not set(known) <= set(entry["constant"]):
        entry["constant"] = sorted(set(known) | set(entry["constant"]))
    if len(expected) > 1:
        entry["further"] = [None if x is None else tensor(x) for x in expected[1:]]
    cases.setdefault(operator + (".types" if extra else ""), []).append(entry)


def slices():
    x = normal(3, 5, 7)
    for name, starts, ends, axes in [
        ("plain", [1, 0], [3, 4], [0, 2]), ("default axes", [0, 1], [2, 4], None), ("negative", [-2], [-1], [2]),
        ("past the end", [1], [2**62], [1]), ("nothing", [4], [2], [1]), ("whole", [0], [2**63 - 1], [0]),
    ]:
        old = {"axes": axes} if axes is not None else {}
        case("Slice", name, 9, [x], starts=starts, ends=ends, **old)
        operands = [x, ints(*starts), ints(*ends)] + ([ints(*axes)] if axes is not None else [])
        for opset in (10, 13):
            case("Slice", name, opset, operands, known=range(1, len(operands)))
    for name, starts, ends, axes, steps in [
        ("steps", [0, 1], [5, 7], [1, 2], [2, 3]), ("backwards", [-1], [-(2**63)], [2], [-1]),
        ("backwards by two", [4, 2], [0, -4], [1, 0], [-2, -1]), ("backwards from outside", [20], [1], [1], [-3]),
        ("large step", [0], [7], [2], [100]), ("all backwards", [2, 4, 6], [-9, -9, -9], [0, 1, 2], [-1, -1, -2]),
        ("negative axis", [1], [3], [-1], [1]), ("huge step", [6], [-8], [2], [-(2**63)]),
    ]:
        case("Slice", name, 13, [x, ints(*starts), ints(*ends), ints(*axes), ints(*steps)], known=[1, 2, 3, 4])
    case("Slice", "int32 operands", 13, [x] + [ints(v).astype(np.int32) for v in (1, 3, 1, 1)], known=[1, 2, 3, 4])
    for name in ALL:
        operands = [sample(name, 3, 4), ints(0, 3), ints(3, -9), ints(0, 1), ints(2, -1)]
        case("Slice", name, 13, operands, known=[1, 2, 3, 4], judge="reference")


def splits():
    x = normal(4, 6, 2)
    case("Split", "equal", 11, [x], outputs=(True, True), axis=1)
    case("Split", "sizes", 11, [x], outputs=(True, True, True), axis=1, split=[1, 2, 3])
    case("Split", "equal", 13, [x], outputs=(True, True), axis=0)
    case("Split", "negative axis", 13, [x], outputs=(True, True), axis=-1)
    case("Split", "sizes", 13, [x, ints(1, 0, 5)], known=[1], outputs=(True, True, True), axis=1)
    case("Split", "number", 18, [x], outputs=(True, True, True), axis=1, num_outputs=3)
    case("Split", "number with rest", 18, [x], outputs=(True, True, True, True), axis=1, num_outputs=4,
         expected=np.split(x, [2, 4, 6], axis=1))
    case("Split", "number with smaller rest", 18, [normal(7, 2)], outputs=(True, True), axis=0, num_outputs=2)
    case("Split", "one unwanted", 13, [x], outputs=(True, False, True), axis=1,
         expected=[a if i != 1 else None for i, a in enumerate(np.split(x, 3, axis=1))])
    for name in ALL:
        y = sample(name, 2, 4)
        case("Split", name, 13, [y], outputs=(True, True), axis=1, expected=np.split(y, 2, axis=1))


def repeats():
    for name, shape, wanted in [
        ("outer", (3, 1), (2, 3, 4)), ("inner", (1, 4), (3, 4)), ("both ways", (3, 1, 5), (2, 1)), ("scalar", (), (2, 3)),
        ("same", (2, 3), (2, 3)), ("nothing", (1, 3), (0, 3)), ("lower rank", (2, 3), (3,)), ("deep", (2, 1, 3, 1, 2), (1, 4, 1, 5, 1)),
    ]:
        for opset in (8, 13):
            case("Expand", name, opset, [normal(*shape), ints(*wanted)], known=[1])
    for name, shape, counts in [
        ("rows", (2, 3), (2, 1)), ("columns", (2, 3), (1, 3)), ("both", (2, 3), (2, 2)), ("nothing", (2, 3), (0, 2)),
        ("four axes", (2, 1, 3, 2), (1, 3, 2, 2)), ("one", (3,), (4,)),
    ]:
        for opset in (7, 13):
            case("Tile", name, opset, [normal(*shape), ints(*counts)], known=[1])
    for name in ALL:
        x = sample(name, 2, 1)
        case("Expand", name, 13, [x, ints(2, 3)], known=[1], expected=[np.broadcast_to(x, (2, 3))])
        case("Tile", name, 13, [x, ints(2, 2)], known=[1], expected=[np.tile(x, (2, 2))])


def blocks():
    for mode in ("DCR", "CRD"):
        for opset in (11, 13):
            case("DepthToSpace", mode, opset, [normal(2, 8, 3, 4)], blocksize=2, mode=mode)
        case("DepthToSpace", f"{mode} by 3", 13, [normal(1, 18, 2, 3)], blocksize=3, mode=mode)
    case("DepthToSpace", "default", 7, [normal(1, 4, 2, 3)], blocksize=2)
    case("DepthToSpace", "one", 13, [normal(1, 4, 2, 3)], blocksize=1)
    for opset in (7, 13):
        case("SpaceToDepth", "by 2", opset, [normal(2, 3, 4, 6)], blocksize=2)
    case("SpaceToDepth", "by 3", 13, [normal(1, 2, 3, 6)], blocksize=3)
    for name in ALL:
        x = sample(name, 1, 4, 1, 2)
        case("DepthToSpace", name, 13, [x], blocksize=2, judge="reference")
        case("SpaceToDepth", name, 13, [sample(name, 1, 1, 2, 4)], blocksize=2, judge="reference")


def gathers():
    for name in ALL:
        x = sample(name, 3, 4)
        case("Gather", name, 13, [x, ints(2, -1, 0)], extra=True, axis=1, expected=[np.take(x, [2, -1, 0], axis=1)])
    case("Gather", "scalar index", 13, [normal(3, 4, 2), np.array(1, np.int32)], extra=True, axis=1)
    case("Gather", "matrix of indices", 13, [normal(3, 4, 2), ints([0, 1], [3, -4])], extra=True, axis=1)
    for opset in (11, 13):
        case("GatherElements", "axis 0", opset, [normal(3, 4), ints([0, 2, 1, 0], [-1, 0, 0, 2])], axis=0)
        case("GatherElements", "axis 1", opset, [normal(3, 4), ints([0, 3], [-1, 1], [2, 2])], axis=1)
    case("GatherElements", "three axes", 13, [normal(2, 3, 4), random.integers(-3, 3, (2, 5, 4))], axis=1)
    case("GatherElements", "int32", 13, [normal(5), np.array([4, 0, -5], np.int32)], axis=-1)
    case("GatherND", "elements", 11, [normal(2, 3), ints([0, 2], [1, -1])])
    case("GatherND", "rows", 11, [normal(2, 3, 4), ints([[0, 2]], [[1, 0]])])
    case("GatherND", "whole", 12, [normal(2, 3, 4), ints([1], [0], [-2])])
    case("GatherND", "batch", 12, [normal(2, 3, 4), ints([1], [0])], batch_dims=1)
    case("GatherND", "batch of lists", 13, [normal(2, 3, 4), ints([[1], [0]], [[2], [-1]])], batch_dims=1)
    case("GatherND", "two batch axes", 13, [normal(2, 3, 4), random.integers(0, 4, (2, 3, 1))], batch_dims=2)
    for name in ALL:
        x = sample(name, 2, 3)
        case("GatherElements", name, 13, [x, ints([0, 1, 0])], axis=0,
             expected=[np.take_along_axis(x, np.array([[0, 1, 0]]), axis=0)])
        case("GatherND", name, 13, [x, ints([1, 0], [0, 2])], expected=[x[[1, 0], [0, 2]]])


def scatters():
    for axis, indices in ((0, [[0, 2, 1], [2, 0, 2]]), (1, [[0, 4, 1], [2, 0, -2]])):
        for opset in (11, 13, 18):
            case("ScatterElements", f"axis {axis}", opset, [normal(3, 5), ints(*indices), normal(2, 3)], axis=axis)
    case("Scatter", "axis 1", 9, [normal(3, 5), ints([0, 4, 1], [2, 0, 3]), normal(2, 3)], axis=1)
    case("Scatter", "default", 10, [normal(3, 5), ints([0, 2, 1], [2, 0, 0]), normal(2, 3)])
    for reduction in ("add", "mul", "min", "max"):
        opset = 16 if reduction in ("add", "mul") else 18
        for name in ("float32", "float64", "int32", "int64", "float16", "uint8"):
            data, updates = sample(name, 2, 4), sample(name, 2, 3)
            case("ScatterElements", f"{reduction} {name}", opset, [data, ints([0, 0, 3], [1, 1, 1]), updates], axis=1,
                 reduction=reduction, judge="reference")
            case("ScatterND", f"{reduction} {name}", opset,
                 [sample(name, 4), ints([0], [0], [3]), sample(name, 3)], reduction=reduction, judge="reference")
    for opset in (11, 13, 16):
        case("ScatterND", "elements", opset, [normal(8), ints([4], [3], [1], [7]), normal(4)])
        case("ScatterND", "rows", opset, [normal(4, 4, 4), ints([0], [2]), normal(2, 4, 4)])
    case("ScatterND", "deep", 18, [normal(3, 4, 2), ints([[0, 1], [2, -1]]), normal(1, 2, 2)])
    for name in ALL:
        data, update = sample(name, 2, 3), sample(name, 1, 2)
        expected = data.copy()
        expected[1, 0], expected[0, 2] = update[0]
        case("ScatterElements", name, 13, [data, ints([1, 0]), update], axis=0, expected=[
            np.array([[data[0, 0], update[0, 1], data[0, 2]], [update[0, 0], data[1, 1], data[1, 2]]], dtype=data.dtype)])
        case("ScatterND", name, 13, [data, ints([1, 0], [0, 2]), update[0]], expected=[expected])


def choices():
    values = np.array([2, 5], np.float32)
    for axis in (-1, 0, 1):
        for opset in (9, 11):
            case("OneHot", f"axis {axis}", opset, [ints([0, 2], [5, 1]), ints(4), values], known=[1], axis=axis,
                 types=[onnx.TensorProto.FLOAT])
    case("OneHot", "negative indices", 11, [ints(0, -1, -4, -5, 3, 4), np.array(4, np.int64), values], known=[1],
         types=[onnx.TensorProto.FLOAT])
    case("OneHot", "float indices", 11, [np.array([1, 3], np.float32), np.array([5], np.float32), ints(0, 1)], known=[1],
         expected=[np.eye(5, dtype=np.int64)[[1, 3]]])
    for name in ALL:
        pair = np.array([0, 1]).astype(dtype(name))
        case("OneHot", name, 11, [ints(1, 0, 2), ints(3), pair], known=[1], expected=[pair[np.eye(3, dtype=int)[[1, 0, 2]]]])
    for name in ("float32", "float64", "int32", "int64"):
        x = random.permutation(30).reshape(2, 3, 5).astype(name)
        for axis, k in ((-1, 2), (1, 3), (0, 1)):
            case("TopK", f"{name} axis {axis}", 11, [x, ints(k)], known=[1], outputs=(True, True), axis=axis,
                 types=[helper.np_dtype_to_tensor_dtype(x.dtype), onnx.TensorProto.INT64])
    pair = [onnx.TensorProto.FLOAT, onnx.TensorProto.INT64]
    case("TopK", "attribute", 9, [normal(3, 9)], outputs=(True, True), k=4, axis=1, types=pair)
    case("TopK", "operand", 10, [normal(3, 9), ints(4)], known=[1], outputs=(True, True), axis=1, types=pair)
    case("TopK", "smallest", 11, [normal(3, 9), ints(4)], known=[1], outputs=(True, True), largest=0, types=pair)
    case("TopK", "all", 11, [normal(1000), ints(1000)], known=[1], outputs=(True, True), types=pair)
    case("TopK", "heap", 11, [normal(4, 300), ints(17)], known=[1], outputs=(True, True), types=pair)
    same = np.array([1, 3, 3, 2, 3, 1], np.float32)
    case("TopK", "equal", 11, [same, ints(4)], known=[1], outputs=(True, True), types=pair)
    case("TopK", "equal smallest", 11, [same, ints(3)], known=[1], outputs=(True, True), largest=0, types=pair)
    for name in NUMBERS:
        x = np.array([3, 1, 4, 2]).astype(dtype(name))
        case("TopK", name, 11, [x, ints(2)], known=[1], outputs=(True, True), expected=[x[[2, 0]], ints(2, 0)])


def made():
    for name, start, limit, delta in [
        ("up", 1, 5, 2), ("down", 10, 4, -2), ("none", 3, 1, 1), ("exact", 0, 6, 3), ("one", 2, 3, 9),
    ]:
        for type_ in ("float32", "float64", "int16", "int32", "int64"):
            bounds = [np.array(v, type_) for v in (start, limit, delta)]
            case("Range", f"{name} {type_}", 11, bounds, known=[0, 1, 2])
    case("Range", "fractions", 11, [np.array(v, np.float32) for v in (0.5, 2.0, 0.4)], known=[0, 1, 2])
    for name in ALL:
        value = np.array([1], dtype(name))
        case("ConstantOfShape", name, 9, [ints(2, 3)], known=[0], value=value, expected=[np.full((2, 3), value[0])])
    case("ConstantOfShape", "default", 9, [ints(2, 3)], known=[0], types=[1])
    case("ConstantOfShape", "scalar", 9, [ints()], known=[0], types=[1], value=np.array([5.5], np.float32))
    case("ConstantOfShape", "empty", 20, [ints(0, 3)], known=[0], types=[1], judge="reference")
    for k in (0, 1, -2, 9):
        case("EyeLike", f"diagonal {k}", 9, [normal(3, 5)], k=k)
    for code, name in ((1, "float32"), (6, "int32"), (7, "int64"), (9, "bool"), (10, "float16"), (11, "float64"), (13, "uint64")):
        case("EyeLike", name, 9, [np.zeros((2, 3), np.int32)], dtype=code, expected=[np.eye(2, 3, dtype=name)])
    for name in ALL:
        case("Size", name, 13, [sample(name, 2, 3)], expected=[np.array(6)])
    case("Size", "scalar", 7, [np.array(2, np.float32)], types=[7])
    for upper in (0, 1):
        for k in (None, 0, 1, -1, 4, -5, 2**62):
            operands = [normal(2, 3, 4)] + ([np.array(k, np.int64)] if k is not None else [])
            expected = (np.triu if upper else np.tril)(operands[0], max(min(k or 0, 9), -9))
            case("Trilu", f"upper {upper} diagonal {k}", 14, operands, known=range(1, len(operands)), upper=upper,
                 expected=[expected])
    for name in ALL:
        x = sample(name, 3, 3)
        case("Trilu", name, 14, [x], expected=[np.triu(x)])
    case("ReverseSequence", "time first", 10, [normal(4, 3, 2), ints(4, 1, 3)])
    case("ReverseSequence", "batch first", 10, [normal(3, 4), ints(2, 0, 4)], batch_axis=0, time_axis=1, judge="reference")
    for name in ALL:
        x = sample(name, 2, 3)
        case("ReverseSequence", name, 10, [x, ints(3, 2)], batch_axis=0, time_axis=1, judge="reference")


def counted():
    for opset in (9, 13):
        case("NonZero", "floats", opset, [np.array([[1, 0], [0, -2], [3, 0]], np.float32)], known=[0], types=[7])
    case("NonZero", "none", 13, [np.zeros((2, 3), np.int64)], known=[0])
    for name in ALL:
        x = np.array([[1, 0, 1]]).astype(dtype(name))
        case("NonZero", name, 13, [x], known=[0], expected=[np.array(np.nonzero(x))])
        y = sample(name, 3, 2)
        case("Compress", name, 11, [y, np.array([False, True, True])], known=[1], axis=0, expected=[y[1:]])
    case("Compress", "flat", 9, [normal(2, 3), np.array([1, 0, 0, 1, 1], bool)], known=[1])
    case("Compress", "inner", 11, [normal(2, 3, 2), np.array([0, 1], bool)], known=[1], axis=-2)
    four = (True, True, True, True)
    x = np.array([[2, 1, 1], [3, 2, 5]], np.float32)
    for sorted_ in (0, 1):
        case("Unique", f"sorted {sorted_}", 11, [x], known=[0], outputs=four, sorted=sorted_, types=[1, 7, 7, 7])
        case("Unique", f"axis sorted {sorted_}", 11, [np.array([[1, 0, 1], [2, 9, 2]], np.float32)], known=[0], axis=1,
             outputs=four, sorted=sorted_, types=[1, 7, 7, 7])
    case("Unique", "rows", 11, [np.array([[4, 1], [0, 5], [4, 1]], np.int64)], known=[0], axis=0, outputs=four, types=[7] * 4)
    case("Unique", "inverse only", 11, [np.array([3, 3, 1], np.int64)], known=[0], expected=[ints(1, 3), None, ints(1, 1, 0)])


def resizes():
    x = normal(1, 2, 5, 6)

    def resize(name, opset, x=x, scales=None, sizes=None, roi=None, judge="runtime", **attributes):
        if opset == 10:
            return case("Resize", name, 10, [x, np.array(scales, np.float32)], known=[1], **attributes)
        roi = (np.zeros(0, np.float32) if opset < 13 else None) if roi is None else np.array(roi, np.float32)
        scales = None if scales is None else np.array(scales, np.float32)
        operands = [x, roi, scales] + ([ints(*sizes)] if sizes is not None else [])
        known = [i for i, v in enumerate(operands) if v is not None and i > 0]
        return case("Resize", name, opset, operands, known=known, judge=judge, tolerance=2e-5, **attributes)

    for mode in ("nearest", "linear"):
        for scales in ([1, 1, 2, 2], [1, 1, 3, 1.5], [1, 1, 0.5, 0.6]):
            case("Upsample", f"{mode} {scales}", 7, [x], mode=mode, scales=[float(v) for v in scales]) if min(scales) >= 1 else None
            if min(scales) >= 1:
                case("Upsample", f"{mode} {scales}", 9, [x, np.array(scales, np.float32)], known=[1], mode=mode)
            resize(f"{mode} {scales}", 10, scales=scales, mode=mode)
    modes = ["asymmetric", "align_corners", "half_pixel", "pytorch_half_pixel"]
    for transformation in modes + ["half_pixel_symmetric"]:
        opset = 19 if transformation == "half_pixel_symmetric" else 13
        for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
            for scales in ([1, 1, 2, 2], [1, 1, 0.7 if opset == 19 else 0.6, 1.7]):
                resize(f"nearest {transformation} {rounding} {scales}", opset, scales=scales, mode="nearest",
                       nearest_mode=rounding, coordinate_transformation_mode=transformation)
        for mode in ("linear", "cubic"):
            for scales in ([1, 1, 2, 2], [1, 1, 0.6, 1.7]):
                resize(f"{mode} {transformation} {scales}", opset, scales=scales, mode=mode,
                       coordinate_transformation_mode=transformation)
            resize(f"{mode} {transformation} sizes", opset, sizes=[1, 2, 3, 11], mode=mode,
                   coordinate_transformation_mode=transformation)
    resize("nearest for tf", 11, scales=[1, 1, 2, 3], mode="nearest", coordinate_transformation_mode="tf_half_pixel_for_nn")
    for exclude in (0, 1):
        for a in (-0.5, -0.75):
            resize(f"cubic {a} excluding {exclude}", 13, scales=[1, 1, 0.8, 1.7], mode="cubic", cubic_coeff_a=a,
                   exclude_outside=exclude)
    for mode in ("nearest", "linear", "cubic"):
        resize(f"crop {mode}", 13, sizes=[1, 2, 3, 4], roi=[0, 0, 0.4, 0.6, 1, 1, 0.6, 0.8], mode=mode,
               coordinate_transformation_mode="tf_crop_and_resize")
        resize(f"crop outside {mode}", 13, sizes=[1, 2, 3, 4], roi=[0, 0, 0.4, 0.6, 1, 1, 1.2, 1.7], mode=mode,
               coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=10.0)
        for policy in ("not_larger", "not_smaller"):
            resize(f"{mode} {policy}", 18, sizes=[7, 8], mode=mode, axes=[2, 3], keep_aspect_ratio_policy=policy)
        resize(f"{mode} axes", 18, scales=[0.5, 1.5], mode=mode, axes=[3, 2], judge="reference")
        resize(f"{mode} one axis", 13, x=normal(2, 3, 9), scales=[1, 1, 1.7], mode=mode)
        resize(f"{mode} bigger sizes", 13, x=normal(2, 2, 7, 7), sizes=[2, 2, 14, 21], mode=mode)
        for type_ in ("float64", "float16", "int32", "uint8"):
            if mode == "cubic" and "int" in type_:
                continue
            y = sample(type_, 1, 1, 3, 4) * (1 if mode == "nearest" else 3)
            resize(f"{mode} {type_}", 13, x=y.astype(type_), scales=[1, 1, 2, 2], mode=mode,
                   judge="runtime" if "int" in type_ else "reference")
    for mode in ("linear", "cubic"):
        for exclude in (0, 1):
            for scales in ([1, 1, 0.4, 0.6], [1, 1, 1.5, 0.3]):
                resize(f"antialias {mode} {scales} excluding {exclude}", 18, x=normal(1, 1, 11, 13), scales=scales, mode=mode,
                       antialias=1, exclude_outside=exclude)
    resize("linear volume", 13, x=normal(1, 1, 3, 4, 3), scales=[1, 1, 2, 1.5, 2], mode="linear")
    resize("linear of all axes", 13, x=normal(3, 4), scales=[2, 0.75], mode="linear")
    for type_ in ALL:
        y = sample(type_, 1, 1, 2, 3)
        resize(f"nearest {type_}", 13, x=y, scales=[1, 1, 2, 2], mode="nearest", coordinate_transformation_mode="asymmetric",
               nearest_mode="floor", expected=[y.repeat(2, axis=2).repeat(2, axis=3)])


def widened():
    for name in ALL:
        x = sample(name, 2, 3)
        case("Concat", name, 13, [x, x], extra=True, axis=1, expected=[np.concatenate([x, x], axis=1)])
        case("Transpose", name, 13, [x], extra=True, expected=[x.T])
        case("Reshape", name, 14, [x, ints(3, -1)], known=[1], extra=True, expected=[x.reshape(3, 2)])
        case("Flatten", name, 13, [x], extra=True, axis=0, expected=[x.reshape(1, 6)])
        case("Squeeze", name, 13, [x[:1], ints(0)], known=[1], extra=True, expected=[x[0]])
        case("Unsqueeze", name, 13, [x, ints(1)], known=[1], extra=True, expected=[x[:, None]])
        case("Identity", name, 14, [x], extra=True, expected=[x])
        value = sample(name, 1)[0]
        padded = np.full((3, 5), value)
        padded[1:, 1:4] = x
        case("Pad", name, 13, [x, ints(1, 1, 0, 1), np.array(value)], known=[1], extra=True, expected=[padded])
        case("Pad", f"axes {name}", 18, [x, ints(1, 1), np.array(value), ints(1)], known=[1, 3], extra=True,
             expected=[np.pad(x, ((0, 0), (1, 1)), constant_values=value)])
    case("Pad", "half attributes", 7, [np.ones((2, 2), np.float16)], extra=True, pads=[1, 0, 0, 0], value=2.0,
         expected=[np.array([[2, 2], [1, 1], [1, 1]], np.float16)])
    x = normal(2, 5, 6)
    for mode in ("reflect", "edge", "wrap", "constant"):
        case("Pad", f"{mode} everywhere", 19, [x, ints(1, 2, 3, 0, 4, 1)], known=[1], extra=True, mode=mode,
             expected=[np.pad(x, ((1, 0), (2, 4), (3, 1)), mode=mode)])
        case("Pad", f"{mode} and cut", 19, [x, ints(0, -1, 2, 0, 3, -2)], known=[1], extra=True, mode=mode,
             judge="runtime")
    case("Pad", "wrap far", 19, [normal(2, 3), ints(0, 7, 0, 8)], known=[1], extra=True, mode="wrap", judge="reference")
    for shape, perm in [((3, 40, 50), [0, 2, 1]), ((33, 2, 21), [2, 1, 0]), ((2, 3, 4, 5, 6), [4, 1, 3, 0, 2]), ((50, 40), [1, 0])]:
        y = normal(*shape)
        case("Transpose", f"{perm} of {shape}", 13, [y], extra=True, perm=perm, expected=[y.transpose(perm)])


def transposed():
    def conv(name, x, w, b=None, opset=11, **attributes):
        case("ConvTranspose", name, opset, [x, w] + ([b] if b is not None else []), tolerance=1e-4, **attributes)

    conv("plain", normal(2, 3, 4, 5), normal(3, 2, 3, 3), normal(2))
    conv("strides", normal(1, 3, 4, 5), normal(3, 2, 3, 2), strides=[2, 3])
    conv("twice as large", normal(2, 6, 5, 5), normal(6, 4, 4, 4), normal(4), strides=[2, 2], pads=[1, 1, 1, 1])
    conv("pads", normal(1, 2, 6, 5), normal(2, 3, 3, 3), pads=[1, 0, 2, 1])
    conv("output padding", normal(1, 2, 3, 3), normal(2, 3, 3, 3), strides=[3, 2], output_padding=[1, 1], pads=[1, 1, 1, 1])
    conv("output shape", normal(1, 2, 3, 3), normal(2, 3, 3, 3), strides=[3, 2], output_shape=[10, 8])
    conv("output shape, upper", normal(1, 2, 3, 3), normal(2, 2, 3, 3), strides=[2, 2], output_shape=[6, 6], auto_pad="SAME_UPPER")
    conv("output shape, lower", normal(1, 2, 3, 3), normal(2, 2, 3, 3), strides=[2, 2], output_shape=[6, 6], auto_pad="SAME_LOWER")
    conv("same upper", normal(1, 2, 3, 4), normal(2, 2, 3, 3), strides=[2, 2], auto_pad="SAME_UPPER")
    conv("valid", normal(1, 2, 3, 4), normal(2, 2, 3, 3), strides=[2, 1], auto_pad="VALID")
    conv("dilations", normal(1, 2, 4, 4), normal(2, 3, 2, 3), dilations=[2, 2])
    conv("groups", normal(2, 6, 3, 4), normal(6, 2, 3, 3), normal(6), group=3)
    conv("depthwise", normal(1, 5, 6, 6), normal(5, 1, 3, 3), normal(5), group=5, strides=[2, 2])
    conv("one axis", normal(2, 3, 7), normal(3, 4, 3), normal(4), strides=[2], pads=[1, 0])
    conv("three axes", normal(1, 2, 3, 4, 2), normal(2, 3, 2, 3, 2), normal(3), strides=[2, 1, 2], pads=[0, 1, 0, 1, 1, 0])
    conv("many pixels", normal(1, 8, 13, 11), normal(8, 5, 2, 2), normal(5), strides=[2, 2])
    conv("opset 7", normal(1, 3, 3, 3), normal(3, 2, 3, 3), opset=7)
    conv("float64", normal(1, 2, 3, 3).astype(np.float64), normal(2, 2, 2, 2).astype(np.float64), judge="reference")
    conv("float16", sample("float16", 1, 2, 3, 3), sample("float16", 2, 2, 2, 2), judge="reference")
    case("MaxUnpool", "plain", 11, [normal(1, 1, 2, 2), ints([[[5, 7], [13, 15]]])], kernel_shape=[2, 2], strides=[2, 2])
    case("MaxUnpool", "larger", 11, [normal(1, 1, 2, 2), ints([[[5, 7], [13, 15]]]), ints(1, 1, 5, 5)], known=[2],
         kernel_shape=[2, 2], strides=[2, 2], judge="reference")


def powers():
    def pool(name, x, opset=18, judge="runtime", **attributes):
        case("LpPool", name, opset, [x], judge=judge, **attributes)

    pool("one axis", normal(2, 3, 9), kernel_shape=[2])
    pool("two axes", normal(1, 3, 8, 9), kernel_shape=[2, 3], strides=[2, 1])
    pool("three axes", normal(1, 2, 4, 5, 6), kernel_shape=[2, 2, 2])
    pool("p 1", normal(1, 2, 6, 6), kernel_shape=[3, 3], p=1, pads=[1, 1, 1, 1], opset=11)
    pool("p 3", normal(1, 2, 6, 6), kernel_shape=[3, 3], p=3, strides=[2, 2])
    pool("same upper", normal(1, 2, 6, 5), kernel_shape=[2, 2], auto_pad="SAME_UPPER", opset=7)
    pool("dilations", normal(1, 2, 6, 6), kernel_shape=[2, 2], dilations=[2, 2])
    pool("float64", normal(1, 2, 6).astype(np.float64), kernel_shape=[2], judge="reference")


def volumes():
    x = normal(2, 4, 5, 6, 4)
    for name, w, attributes in [
        ("three axes", normal(3, 4, 2, 3, 2), {}), ("strides and pads", normal(3, 4, 3, 3, 3), dict(strides=[2, 1, 2], pads=[1, 0, 1, 1, 2, 0])),
        ("groups", normal(6, 2, 2, 2, 2), dict(group=2)), ("depthwise", normal(4, 1, 3, 3, 3), dict(group=4, pads=[1] * 6)),
        ("dilations", normal(2, 4, 2, 2, 2), dict(dilations=[2, 2, 1])), ("same upper", normal(3, 4, 3, 2, 2), dict(auto_pad="SAME_UPPER", strides=[2, 2, 2])),
        ("pointwise", normal(7, 4, 1, 1, 1), {}),
    ]:
        case("Conv", f"{name}, volume", 11, [x, w, normal(w.shape[0])], extra=True, tolerance=1e-4, **attributes)
    case("Conv", "float64", 11, [normal(1, 2, 4, 4).astype(np.float64), normal(3, 2, 3, 3).astype(np.float64)], extra=True,
         judge="reference")
    case("Conv", "float16", 11, [sample("float16", 1, 2, 4), sample("float16", 3, 2, 3)], extra=True, judge="reference")
    for operator in ("MaxPool", "AveragePool"):
        def pool(name, opset=12, x=x, **attributes):
            case(operator, name, opset, [x], extra=True, **attributes)

        pool("volume", kernel_shape=[2, 3, 2])
        pool("volume strides", kernel_shape=[2, 2, 2], strides=[2, 1, 2], pads=[1, 0, 1, 0, 1, 0])
        pool("volume ceil", kernel_shape=[3, 3, 3], strides=[2, 2, 2], ceil_mode=1)
        pool("volume same", kernel_shape=[2, 2, 2], strides=[2, 2, 2], auto_pad="SAME_LOWER")
        for opset in (12, 19):
            pool(f"ceil, last window inside {opset}", opset, x=normal(1, 1, 2, 2), kernel_shape=[1, 1], strides=[2, 2], ceil_mode=1)
            pool(f"ceil with pads {opset}", opset, x=normal(1, 2, 9, 9), kernel_shape=[3, 3], strides=[4, 3], pads=[1, 1, 1, 1], ceil_mode=1)
        pool("float16", x=sample("float16", 1, 2, 4, 4), kernel_shape=[2, 2])
        pool("float64", x=normal(1, 2, 5).astype(np.float64), kernel_shape=[3])
    case("AveragePool", "volume with padding", 12, [x], extra=True, kernel_shape=[3, 3, 3], pads=[1] * 6, count_include_pad=1)
    case("MaxPool", "int8", 12, [sample("int8", 1, 2, 5, 5)], extra=True, kernel_shape=[2, 2], strides=[2, 2])
    case("MaxPool", "uint8", 12, [sample("uint8", 1, 2, 5)], extra=True, kernel_shape=[2])
    for order in (0, 1):
        for shape, kernel in (((2, 2, 7), [2]), ((2, 2, 5, 6), [2, 3]), ((1, 2, 4, 5, 3), [2, 2, 2])):
            if order == 1 and len(kernel) == 3:
                continue
            y = normal(*shape)
            case("MaxPool", f"indices in order {order} of {len(kernel)} axes", 12, [y], extra=True, outputs=(True, True),
                 types=[1, 7], kernel_shape=kernel, strides=[2] * len(kernel), storage_order=order)
    case("MaxPool", "indices with pads", 12, [normal(1, 1, 5, 5)], extra=True, outputs=(True, True), types=[1, 7],
         kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])


def samples():
    for shape, wanted, axes in [((5, 6), [3, 8], None), ((4, 5, 3), [7, 2], [0, 1]), ((5, 4), [5, 9], [-2, 1]), ((3, 3), [6, 2], None)]:
        given = {} if axes is None else {"axes": axes}
        case("CenterCropPad", f"{shape} to {wanted}", 18, [normal(*shape), ints(*wanted)], known=[1], **given)
    for name in ALL:
        x = sample(name, 1, 3)
        case("CenterCropPad", name, 18, [x, ints(1, 5)], known=[1], expected=[np.pad(x, ((0, 0), (1, 1)))])
    case("Col2Im", "blocks", 18, [normal(1, 5, 5), ints(5, 5), ints(1, 5)], known=[1, 2], judge="reference")
    case("Col2Im", "strides", 18, [normal(1, 9, 4), ints(5, 5), ints(3, 3)], known=[1, 2], strides=[2, 2])
    case("Col2Im", "pads", 18, [normal(2, 15, 15), ints(5, 5), ints(1, 5)], known=[1, 2], pads=[0, 1, 0, 1])
    case("Col2Im", "dilations", 18, [normal(1, 4, 5), ints(6, 6), ints(2, 2)], known=[1, 2], dilations=[1, 5])
    case("Col2Im", "three axes", 18, [normal(1, 10, 12), ints(3, 4, 5), ints(1, 1, 5)], known=[1, 2])
    for aligned in (0, 1):
        case("AffineGrid", f"pictures {aligned}", 20, [normal(2, 2, 3), ints(2, 3, 4, 5)], known=[1], align_corners=aligned)
        case("AffineGrid", f"volumes {aligned}", 20, [normal(1, 3, 4), ints(1, 2, 3, 4, 5)], known=[1], align_corners=aligned)
        for padding in ("zeros", "border", "reflection"):
            for mode in ("bilinear", "nearest", "bicubic"):
                case("GridSample", f"{mode} {padding} {aligned}", 16, [normal(2, 3, 4, 5), normal(2, 3, 2, 2)], mode=mode,
                     padding_mode=padding, align_corners=aligned, tolerance=1e-4)
            for mode in ("linear", "nearest"):
                case("GridSample", f"volume {mode} {padding} {aligned}", 20, [normal(1, 2, 3, 4, 5), normal(1, 2, 3, 2, 3)],
                     mode=mode, padding_mode=padding, align_corners=aligned, tolerance=1e-4)
    case("GridSample", "float64", 16, [normal(1, 1, 3, 3).astype(np.float64), normal(1, 2, 2, 2).astype(np.float64)], judge="reference")


def sums():
    for equation, *shapes in [
        ("ij,jk->ik", (3, 4), (4, 5)), ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)),
        ("bhij,bhjd->bhid", (2, 3, 4, 6), (2, 3, 6, 5)), ("bhwqd,hkd->bhwqk", (2, 3, 2, 4, 5), (3, 6, 5)),
        ("bhqk,rhk->brhq", (2, 3, 4, 5), (6, 3, 5)), ("...ij,...jk->...ik", (2, 3, 4, 5), (3, 5, 2)),
        ("...ij,jk", (2, 4, 5), (5, 2)), ("ij->ji", (3, 4)), ("ii->i", (4, 4)), ("ii", (4, 4)), ("ij->i", (3, 4)),
        ("ij->", (3, 4)), ("i,i->", (5,), (5,)), ("i,j->ij", (3,), (4,)), ("ij,ij->ij", (3, 4), (3, 4)),
        ("ij,kl->il", (3, 4), (2, 5)), ("iij,jk->ik", (3, 3, 4), (4, 2)), ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
        ("...->...", (2, 3)), ("...a->a...", (2, 3, 4)), ("b...c,cd->b...d", (2, 3, 4, 5), (5, 6)), ("cba", (2, 3, 4)),
        ("bij, bjk -> bik", (2, 3, 4), (2, 4, 5)), ("nchw,oc->nohw", (2, 3, 4, 5), (6, 3)),
        ("ibnd,jbnd->bnij", (3, 2, 2, 4), (5, 2, 2, 4)), ("Ab,bA->A", (2, 3), (3, 2)),
    ]:
        operands = [normal(*shape) for shape in shapes]
        case("Einsum", equation, 12, operands, equation=equation, tolerance=1e-4,
             expected=[np.einsum(equation.replace(" ", ""), *operands).astype(np.float32)])
    for name in ("float64", "int32", "int64", "float16", "uint8"):
        operands = [sample(name, 2, 3), sample(name, 3, 2)]
        case("Einsum", name, 12, operands, equation="ij,jk->ik", expected=[operands[0] @ operands[1]])


def splitmix(seed, count):
    """SplitMix64 as RandomSource has it, in 0 ..< 1."""
    state = int(np.float32(seed).view(np.uint32))
    mask = 2**64 - 1
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield ((z ^ (z >> 31)) >> 11) / 2**53


def drawn():
    codes = {"float32": 1, "float16": 10, "float64": 11, "bfloat16": 16}
    for name, code in codes.items():
        uniform = np.array(list(splitmix(3.5, 6))).reshape(2, 3) * 4 - 1
        pairs = np.array(list(splitmix(3.5, 12))).reshape(6, 2)
        bell = (np.sqrt(-2 * np.log(1 - pairs[:, 0])) * np.cos(2 * np.pi * pairs[:, 1]) * 2 + 1).reshape(2, 3)
        for like, operands, shape in (("", [], {"shape": [2, 3]}), ("Like", [np.zeros((2, 3), dtype(name))], {})):
            given = {} if like and name != "float64" else {"dtype": code}
            case(f"RandomUniform{like}", name, 13, operands, low=-1.0, high=3.0, seed=3.5, tolerance=1e-2 if "16" in name
                 else 1e-6, expected=[uniform.astype(dtype(name))], **shape, **given)
            case(f"RandomNormal{like}", name, 13, operands, mean=1.0, scale=2.0, seed=3.5, tolerance=1e-2 if "16" in name
                 else 1e-6, expected=[bell.astype(dtype(name))], **shape, **given)


drawn()
resizes()
powers()
samples()
volumes()
sums()
transposed()
widened()
slices()
splits()
repeats()
blocks()
gathers()
scatters()
choices()
made()
counted()
for operator, list_ in sorted(cases.items()):
    text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in list_)
    (HERE / f"{operator}.json").write_text(f"[\n{text}\n]\n")
print(sum(map(len, cases.values())), "cases of", len(cases), "operators")
