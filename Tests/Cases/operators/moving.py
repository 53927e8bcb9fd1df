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
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as Lacking

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
        except (NotImplementedError, Lacking):
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
