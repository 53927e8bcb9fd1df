#!/usr/bin/env python3
"""Makes the cases of operators that compute: one-node models, their inputs, and what they should be.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.32.0 scipy
    venv/bin/python computing.py

Cases look as those of make.py; `further` holds results after the first, `known` the inputs that a shape rule must know.
Element-wise functions are held to numpy in double precision, rounded to the type at the end; everything else to
onnxruntime, or to onnx's reference evaluator where onnxruntime lacks the type or the form.
"""

import base64
import json
import pathlib

import ml_dtypes
import numpy as np
import onnxruntime
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnxruntime.capi import onnxruntime_pybind11_state as states
from scipy import special

HERE = pathlib.Path(__file__).parent
cases = {}
random = np.random.default_rng(11)
onnxruntime.set_default_logger_severity(4)

FLOATS = ["float32", "float64", "float16", "bfloat16"]
UNSIGNED = ["uint8", "uint16", "uint32", "uint64"]
SIGNED = ["int8", "int16", "int32", "int64"]
INTEGERS = SIGNED + UNSIGNED
NUMBERS = FLOATS + INTEGERS
TOLERANCE = {"float16": 2e-3, "bfloat16": 2e-2}


def dtype(name):
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def small(name, *shape):
    """Small numbers that every type holds exactly."""
    if name == "bool":
        return random.integers(0, 2, shape).astype(bool)
    return random.integers(0 if name.startswith("u") else -9, 9, shape).astype(dtype(name))


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
    if all(isinstance(v, (int, np.integer)) for v in value):
        return {"ints": [int(v) for v in value]}
    return {"floats": [float(np.float32(v)) for v in value]}


def computed(operator, opset, inputs, outputs, types, attributes, judge):
    """What onnxruntime or the reference evaluator makes of a node."""
    names = [f"input{i}" if x is not None else "" for i, x in enumerate(inputs)]
    results = [f"output{i}" if wanted else "" for i, wanted in enumerate(outputs)]
    code = helper.np_dtype_to_tensor_dtype
    types = types or [code(inputs[0].dtype)] * len(outputs)
    infos = [helper.make_tensor_value_info(n, code(x.dtype), x.shape) for n, x in zip(names, inputs) if n]
    outs = [helper.make_tensor_value_info(r, t, None) for r, t in zip(results, types) if r]
    graph = helper.make_graph([helper.make_node(operator, names, results, **attributes)], "g", infos, outs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    feeds = {n: x for n, x in zip(names, inputs) if n}
    if judge == "runtime":
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
            return session.run(None, feeds)
        except (states.NotImplemented, states.Fail, states.InvalidGraph, states.InvalidArgument, RuntimeError):
            pass
    return ReferenceEvaluator(model).run(None, feeds)


def case(operator, name, opset, inputs, known=(), outputs=(True,), types=None, expected=None, tolerance=None,
         judge="runtime", **attributes):
    """`judge`: who computes what is expected where `expected` is not given."""
    if expected is None:
        found = iter(computed(operator, opset, inputs, outputs, types, attributes, judge))
        expected = [next(found) if wanted else None for wanted in outputs]
    entry = {
        "name": name, "opset": opset, "attributes": {k: attribute(v) for k, v in attributes.items()},
        "inputs": [None if x is None else tensor(x) for x in inputs],
        "constant": list(range(len(inputs)))[1:], "known": list(known), "output": tensor(expected[0]),
        "tolerance": tolerance or TOLERANCE.get(str(np.asarray(expected[0]).dtype), 1e-5),
    }
    if len(expected) > 1:
        entry["further"] = [None if x is None else tensor(x) for x in expected[1:]]
    cases.setdefault(operator, []).append(entry)


def unary():
    inner = np.array([-100, -9.5, -4, -2.5, -1.5, -1, -0.75, -0.5, -1e-3, -1e-7, 0, 1e-7, 1e-3, 0.5, 0.75, 1, 1.5, 2.5,
                      3.5, 8, 90], np.float64)
    ends = np.array([-np.inf, np.inf, np.nan])
    unit = np.array([-1, -0.99, -0.5, -1e-4, 0, 1e-4, 0.3, 0.75, 1, 1.5, -2])
    elu = lambda x, alpha=1.0: np.where(x < 0, alpha * np.expm1(x), x)
    softplus = lambda x: np.logaddexp(0, x)
    one, two = np.float64(np.float32(1.67326319217681884765625)), np.float64(np.float32(1.05070102214813232421875))
    table = [
        ("Neg", 13, np.negative, inner), ("Abs", 13, np.abs, inner), ("Floor", 13, np.floor, inner),
        ("Ceil", 13, np.ceil, inner), ("Round", 11, np.round, inner), ("Sign", 13, np.sign, inner),
        ("Sqrt", 13, np.sqrt, inner), ("Reciprocal", 13, np.reciprocal, inner), ("Exp", 13, np.exp, inner[:-1]),
        ("Log", 13, np.log, inner), ("Erf", 13, special.erf, inner), ("Sin", 7, np.sin, inner), ("Cos", 7, np.cos, inner),
        ("Tan", 7, np.tan, inner), ("Asin", 7, np.arcsin, unit), ("Acos", 7, np.arccos, unit), ("Atan", 7, np.arctan, inner),
        ("Sinh", 9, np.sinh, inner[1:-1]), ("Cosh", 9, np.cosh, inner[1:-1]), ("Asinh", 9, np.arcsinh, inner),
        ("Acosh", 9, np.arccosh, inner), ("Atanh", 9, np.arctanh, unit),
        ("Softplus", 7, softplus, inner), ("Softsign", 7, lambda x: x / (1 + np.abs(x)), inner),
        ("Elu", 7, elu, inner), ("Selu", 7, lambda x: two * np.where(x < 0, one * np.expm1(x), x), inner),
        ("Celu", 12, elu, inner), ("Mish", 18, lambda x: x * np.tanh(softplus(x)), inner),
        ("Gelu", 20, lambda x: x / 2 * (1 + special.erf(x / np.sqrt(2))), inner),
        ("ThresholdedRelu", 10, lambda x: np.where(x > 1, x, 0), inner),
        ("Shrink", 9, lambda x: np.where(np.abs(x) > 0.5, x, 0), inner),
        ("Relu", 14, lambda x: np.maximum(x, 0), inner), ("Sigmoid", 13, special.expit, inner),
        ("Tanh", 13, np.tanh, inner), ("HardSwish", 14, lambda x: x * np.clip(x / 6 + 0.5, 0, 1), inner),
        ("LeakyRelu", 16, lambda x: np.where(x < 0, np.float64(np.float32(0.01)) * x, x), inner),
        ("HardSigmoid", 13, lambda x: np.clip(np.float64(np.float32(0.2)) * x + 0.5, 0, 1), inner),
    ]
    silent = np.seterr(all="ignore")
    for operator, opset, function, values in table:
        for name in FLOATS:
            x = values.astype(dtype(name))
            # Some are of type float16 for larger opsets only; a rule that is laxer than the specification is no harm.
            case(operator, name, opset, [x], expected=[function(x.astype(np.float64)).astype(dtype(name))])
        x = np.concatenate([ends, normal(3000) * 3]).reshape(3, 7, 11, 13)
        if operator not in ("Mish", "Gelu", "HardSwish", "ThresholdedRelu", "Shrink"):
            small_ = x.reshape(-1)[:40].astype(np.float32)
            case(operator, "ends", opset, [small_], expected=[function(small_.astype(np.float64)).astype(np.float32)])
    case("Sign", "zeros", 13, [np.array([0.0, -0.0], np.float32)], expected=[np.array([0, 0], np.float32)])
    for operator in ("Abs", "Sign"):
        for name in INTEGERS:
            info = np.iinfo(name)
            x = np.array([info.min, info.min + 1, 0, 1, 5, info.max], dtype=name)
            case(operator, name, 13, [x], expected=[(np.abs if operator == "Abs" else np.sign)(x)])
    for name in SIGNED:
        info = np.iinfo(name)
        x = np.array([info.min, info.min + 1, 0, 1, 5, info.max], dtype=name)
        case("Neg", name, 13, [x], expected=[-x])
        case("Relu", name, 14, [x], expected=[np.maximum(x, 0)])
    x = inner.astype(np.float32)
    wide = x.astype(np.float64)
    for operator, opset, attributes, result in [
        ("Elu", 7, {"alpha": 0.5}, elu(wide, 0.5)),
        ("Selu", 7, {"alpha": 0.5, "gamma": 3.0}, 3 * elu(wide, 0.5)),
        ("Celu", 12, {"alpha": 2.0}, np.maximum(wide, 0) + np.minimum(2 * np.expm1(wide / 2), 0)),
        ("ThresholdedRelu", 10, {"alpha": 2.0}, np.where(wide > 2, wide, 0)),
        ("Shrink", 9, {"bias": 1.5, "lambd": 2.0}, np.where(wide < -2, wide + 1.5, np.where(wide > 2, wide - 1.5, 0))),
        ("Gelu", 20, {"approximate": "tanh"},
         wide / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)))),
    ]:
        case(operator, "attributes", opset, [x], expected=[result.astype(np.float32)], **attributes)
    for name in ("int8", "uint8", "int64"):
        x = np.array([0, 1, 2, 3, 4, 100], name)
        case("Shrink", name, 9, [x], expected=[np.where(x > 2, x - 1, 0).astype(name)], bias=1.0, lambd=2.0)
    case("Erf", "int32", 13, [np.array([-30, 0, 1, 30], np.int32)], expected=[np.array([-1, 0, 0, 1], np.int32)])
    np.seterr(**silent)


SHAPES = [("equal", (2, 3, 4), (2, 3, 4)), ("scalar", (2, 3, 4), ()), ("scalar left", (), (2, 3, 4)),
          ("per channel", (2, 3, 4, 5), (3, 1, 1)), ("last axis", (2, 3, 4), (4,)), ("both ways", (2, 1, 4, 1), (3, 1, 5)),
          ("nothing", (0, 3), (1, 3))]


def arithmetic():
    functions = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply}
    for operator, function in functions.items():
        for name in ("float16", "bfloat16", "int8", "int16", "uint8", "uint16", "uint32", "uint64"):
            a, b = small(name, 3, 4), small(name, 4)
            if np.issubdtype(dtype(name), np.integer):
                a[0, 0] = np.iinfo(name).max
            case(operator + ".types", name, 14, [a, b], expected=[function(a, b)])
    for name in ("float16", "bfloat16"):
        a, b = small(name, 3, 4), np.array([3, -7, 2, 0.5], dtype(name))
        case("Div.types", name, 14, [a, b], expected=[a / b])
    for name in INTEGERS:
        info = np.iinfo(name)
        a, b = np.array([info.min, info.max, 7, 9, info.min], name), np.array([3, 7, 2, 4, info.max], name)
        case("Div.types", name, 14, [a, b], expected=[np.trunc(a.astype(np.longdouble) / b.astype(np.longdouble)).astype(name)])
    for name in INTEGERS:
        info = np.iinfo(name)
        a = np.array([info.min, info.max, 7, 9, 5, 6], name)
        b = np.array([3, 7, 2, 4, info.max, 3], name)
        if name.startswith("i"):
            a, b = np.append(a, np.array([-7, 7, -7, info.min], name)), np.append(b, np.array([3, -3, -3, -1], name))
        silent = np.seterr(all="ignore")
        case("Mod", name, 13, [a, b], expected=[np.mod(a, b)])
        case("Mod", f"{name} fmod", 13, [a, b], expected=[np.fmod(a, b)], fmod=1)
        np.seterr(**silent)
    for name in FLOATS:
        a, b = np.array([-4.3, 7.2, 5, 4.3, -7.2, 8, 6]).astype(dtype(name)), np.array([2.1, -3.4, 8, -2.1, 3.4, 5, 0.5]).astype(dtype(name))
        case("Mod", name, 13, [a, b], expected=[np.fmod(a.astype(np.float64), b.astype(np.float64)).astype(dtype(name))], fmod=1)
    case("Mod", "broadcast", 10, [ints(*range(12)).reshape(3, 4), ints(5)])
    for name, a, b in SHAPES:
        case("Pow", name, 13, [np.abs(normal(*a)) + np.float32(0.1), normal(*b)])
        case("PRelu", name, 16, [normal(*a), normal(*b)]) if np.broadcast_shapes(a, b) == a else None
    for power in (-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 2.5):
        x = np.array([0, 0.25, 1, 2, 30], np.float32) if power in (0.5, 2.5) else np.array([-3, -0.5, 1, 2, 30], np.float32)
        case("Pow", f"power {power}", 12, [x, np.array(power, np.float32)], expected=[x.astype(np.float64) ** power])
        cases["Pow"][-1]["output"] = tensor((x.astype(np.float64) ** power).astype(np.float32))
    for base in ("float32", "float64", "float16", "bfloat16", "int32", "int64"):
        for exponent in ("float32", "int32", "int64", "uint8", "float64"):
            a, b = np.array([1, 2, 3, 5, 0, 7]).astype(dtype(base)), np.array([0, 3, 2, 1, 4, 2]).astype(dtype(exponent))
            case("Pow", f"{base} by {exponent}", 15, [a, b], expected=[(a.astype(np.float64) ** b.astype(np.float64)).astype(dtype(base))])
    case("Pow", "negative powers", 15, [ints(1, -1, 2, -1), ints(-2, -3, -1, -2)], expected=[ints(1, -1, 0, 1)])
    for name in ("float64", "float16", "bfloat16", "int32", "int64", "uint32", "uint64"):
        a, b = small(name, 2, 3, 4), small(name, 3, 1)
        case("PRelu", name, 16, [a, b], expected=[np.where(a < 0, a * b, a).astype(dtype(name))])
    case("PRelu", "per channel", 9, [normal(2, 3, 5, 7), normal(3, 1, 1)])
    for operator, function in {"Max": np.maximum, "Min": np.minimum}.items():
        for name, a, b in SHAPES:
            case(operator, name, 13, [normal(*a), normal(*b)])
        for name in NUMBERS:
            a, b = small(name, 3, 4), small(name, 4)
            case(operator, name, 13, [a, b], expected=[function(a, b)])
        case(operator, "NaN", 13, [np.array([1, np.nan, 3, np.nan], np.float32), np.array([np.nan, 2, 1, np.nan], np.float32)],
             expected=[np.array([np.nan, np.nan, function(3, 1), np.nan], np.float32)])
    for operator in ("Max", "Min", "Sum", "Mean"):
        case(operator, "one", 8, [normal(2, 3)])
        case(operator, "two", 8, [normal(2, 3), normal(3)])
        case(operator, "four", 13, [normal(2, 1), normal(3), normal(4, 1, 3), normal(1)])
    for name in ("float64", "float16", "bfloat16"):
        x = [small(name, 3, 4), small(name, 4), small(name, 3, 1)]
        case("Sum", name, 13, x, expected=[x[0] + x[1] + x[2]])
        case("Mean", name, 13, x, expected=[((x[0] + x[1] + x[2]).astype(np.float64) / 3).astype(dtype(name))])
    for name in UNSIGNED:
        bits = np.iinfo(name).bits
        a, b = np.array([1, 3, 200, 255, 8], name), np.array([0, 1, bits - 1, 2, 3], name)
        case("BitShift", f"{name} left", 11, [a, b], expected=[np.left_shift(a, b)], direction="LEFT")
        case("BitShift", f"{name} right", 11, [a, b], expected=[np.right_shift(a, b)], direction="RIGHT")
    case("BitShift", "too far", 11, [np.array([255], np.uint8), np.array([8, 200], np.uint8)],
         expected=[np.array([0, 0], np.uint8)], direction="LEFT")
    for name in FLOATS + INTEGERS:
        x = small(name, 3, 5)
        bounds = [np.array(1, dtype(name)), np.array(6, dtype(name))]
        case("Clip.types", name, 13, [x] + bounds, expected=[np.clip(x, *bounds).astype(x.dtype)])
        case("Clip.types", f"{name} crossed", 13, [x] + bounds[::-1], expected=[np.full_like(x, 1)])


def logic():
    compare = {"Equal": np.equal, "Less": np.less, "LessOrEqual": np.less_equal, "Greater": np.greater,
               "GreaterOrEqual": np.greater_equal}
    for operator, function in compare.items():
        for name in NUMBERS + (["bool"] if operator == "Equal" else []):
            a, b = small(name, 5, 4), small(name, 4)
            case(operator, name, 16, [a, b], expected=[function(a, b)])
        for name, a, b in SHAPES:
            a, b = small("float32", *a), small("float32", *b)
            case(operator, name, 16, [a, b], expected=[function(a, b)])
        x, y = np.array([1, np.nan, np.nan, -0.0], np.float32), np.array([np.nan, 1, np.nan, 0.0], np.float32)
        case(operator, "NaN", 16, [x, y], expected=[function(x, y)])
    for operator, function in {"And": np.logical_and, "Or": np.logical_or, "Xor": np.logical_xor}.items():
        for name, a, b in SHAPES:
            a, b = small("bool", *a), small("bool", *b)
            case(operator, name, 7, [a, b], expected=[function(a, b)])
    case("Not", "plain", 7, [small("bool", 3, 4)], types=[9])
    for operator, function in {"And": np.bitwise_and, "Or": np.bitwise_or, "Xor": np.bitwise_xor}.items():
        for name in INTEGERS:
            info = np.iinfo(name)
            a = random.integers(info.min, info.max, (3, 4), dtype=name, endpoint=True)
            b = random.integers(info.min, info.max, (4,), dtype=name, endpoint=True)
            case("Bitwise" + operator, name, 18, [a, b], expected=[function(a, b)])
    for name in INTEGERS:
        x = random.integers(0, 100, (3, 4)).astype(name)
        case("BitwiseNot", name, 18, [x], expected=[np.bitwise_not(x)])
    for name in FLOATS:
        x = np.array([1, np.nan, np.inf, -np.inf, 0]).astype(dtype(name))
        case("IsNaN", name, 20, [x], expected=[np.isnan(x)])
        case("IsInf", name, 20, [x], expected=[np.isinf(x)])
        case("IsInf", f"{name} negative", 20, [x], expected=[np.isneginf(x.astype(np.float64))], detect_positive=0)
        case("IsInf", f"{name} positive", 10, [x], expected=[np.isposinf(x.astype(np.float64))], detect_negative=0)
    case("IsNaN", "old", 9, [np.array([1, np.nan], np.float32)], types=[9])
    for name in NUMBERS + ["bool"]:
        c, x, y = small("bool", 3, 4), small(name, 3, 1), small(name, 2, 1, 4)
        case("Where", name, 16, [c, x, y], expected=[np.where(c, x, y)])
    for name, a, b, c in [("equal", (2, 3), (2, 3), (2, 3)), ("scalars", (2, 3), (), ()), ("stretched", (3, 1), (2, 1, 1), (1, 4)),
                          ("scalar condition", (), (2, 3), (3,)), ("nothing", (0,), (0,), (1,))]:
        c_, x, y = small("bool", *a), normal(*b), normal(*c)
        case("Where", name, 9, [c_, x, y], expected=[np.where(c_, x, y)])


def log_sum_exp(x, axis, keepdims):
    return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)


REDUCTIONS = {
    "ReduceSum": np.sum, "ReduceProd": np.prod, "ReduceMax": np.max, "ReduceMin": np.min, "ReduceMean": np.mean,
    "ReduceL1": lambda x, **k: np.sum(np.abs(x), **k), "ReduceL2": lambda x, **k: np.sqrt(np.sum(x * x, **k)),
    "ReduceSumSquare": lambda x, **k: np.sum(x * x, **k), "ReduceLogSum": lambda x, **k: np.log(np.sum(x, **k)),
    "ReduceLogSumExp": log_sum_exp,
}


def reductions():
    silent = np.seterr(all="ignore")
    for operator, function in REDUCTIONS.items():
        since = 13 if operator == "ReduceSum" else 18

        def reduce(name, x, axes, keep=1, opset=None, noop=0, operator=operator, function=function, since=since):
            wide = x.astype(np.float64) if x.dtype != bool else x
            whole = tuple(range(x.ndim))
            axis = tuple(axes) if axes else () if noop else whole
            if operator in ("ReduceMax", "ReduceMin"):
                wide, limit = x, (np.finfo if np.issubdtype(x.dtype, np.floating) else np.iinfo)(x.dtype) if x.dtype.kind in "fiu" else None
                if x.size == 0:
                    ends = (-np.inf, np.inf) if x.dtype.kind == "f" else (limit.min, limit.max)
                    result = function(x, axis=axis, keepdims=bool(keep), initial=ends[operator == "ReduceMin"])
                else:
                    result = function(x, axis=axis, keepdims=bool(keep))
            else:
                result = function(wide, axis=axis, keepdims=bool(keep))
            if result.dtype == np.float64 and np.issubdtype(x.dtype, np.integer):
                result = np.trunc(result)
            expected = [np.asarray(result).astype(x.dtype)]
            attributes = {"keepdims": keep} | ({"noop_with_empty_axes": noop} if noop else {})
            if opset is None and axes:
                case(operator, name, since, [x, ints(*axes)], known=[1], expected=expected, **attributes)
            else:
                given = {"axes": axes} if axes else {}
                case(operator, name, opset or since, [x], expected=expected, **attributes, **given)

        x = np.abs(normal(2, 3, 4, 5)) + np.float32(0.1)
        for name, axes in [("last", [-1]), ("planes", [2, 3]), ("middle", [1]), ("first", [0]), ("apart", [0, 2]),
                           ("pixels", [1, 2]), ("all", [0, 1, 2, 3]), ("default", None)]:
            for keep in (0, 1):
                reduce(f"{name} keep {keep}", x, axes, keep)
        reduce("attribute", x, [1, -1], opset=11)
        reduce("attribute keep 0", x, [0], 0, opset=7)
        reduce("none", x, None, noop=1)
        reduce("moved ones", x.reshape(1, 2, 1, 60), [0, 3])
        reduce("scalar", np.array(2.5, np.float32), None)
        reduce("nothing", np.zeros((2, 0, 3), np.float32), [1])
        reduce("nothing left", np.zeros((0, 2, 3), np.float32), [1])
        for name in ("float64", "float16", "bfloat16", "int32", "int64", "uint32", "uint64"):
            reduce(name, np.abs(small(name, 2, 3, 4)) % 5 + np.array(1, dtype(name)), [1])
        if operator in ("ReduceMax", "ReduceMin"):
            for name in ("int8", "uint8"):
                reduce(name, small(name, 2, 3, 4), [1])
            reduce("NaN", np.array([[1, np.nan, 3], [4, 5, 6]], np.float32), [1])
            reduce("nothing of integers", np.zeros((2, 0), np.int32), [1])
            case(operator, "bool", 20, [np.array([[True, False], [True, True]]), ints(1)], known=[1], keepdims=0,
                 expected=[np.array([operator == "ReduceMax", True])])
    large = np.array([[1000, 1001, 999], [-1000, -1001, -1002], [-np.inf, -np.inf, -np.inf], [np.inf, 0, -np.inf]], np.float32)
    case("ReduceLogSumExp", "large", 18, [large, ints(1)], known=[1], keepdims=0,
         expected=[np.array([1001.4076, -999.59239, -np.inf, np.inf], np.float32)])
    for operator, function in {"ArgMax": np.argmax, "ArgMin": np.argmin}.items():
        x = random.integers(0, 4, (3, 4, 5)).astype(np.float32)
        for axis in (0, 1, 2, -1):
            for keep in (0, 1):
                case(operator, f"axis {axis} keep {keep}", 13, [x], types=[7], axis=axis, keepdims=keep)
                case(operator, f"last of axis {axis} keep {keep}", 13, [x], types=[7], judge="reference", axis=axis,
                     keepdims=keep, select_last_index=1)
        case(operator, "default", 7, [x], types=[7])
        for name in NUMBERS:
            x = small(name, 3, 7)
            case(operator, name, 13, [x], expected=[function(x, axis=1).reshape(3, 1)], axis=1)
        x = np.array([[1, np.nan, 3, np.nan], [5, 5, 4, 4]], np.float32)
        case(operator, "NaN", 13, [x], expected=[function(x, axis=1)], axis=1, keepdims=0)
    for axis in (0, 1, -1):
        for flags in ({}, {"exclusive": 1}, {"reverse": 1}, {"exclusive": 1, "reverse": 1}):
            case("CumSum", f"axis {axis} {' '.join(flags)}", 14, [normal(3, 4, 5), np.array(axis, np.int64)], known=[1], **flags)
    for name in ("float64", "float16", "bfloat16", "int32", "int64", "uint32", "uint64"):
        x = small(name, 3, 4)
        case("CumSum", name, 14, [x, np.array(0, np.int32)], known=[1],
             expected=[np.cumsum(x.astype(np.float64), axis=0).astype(x.dtype)])
    for name, shape in [("1-D", (2, 3, 7)), ("2-D", (2, 3, 5, 4)), ("3-D", (2, 2, 3, 4, 2))]:
        x = normal(*shape)
        axes = tuple(range(2, x.ndim))
        case("GlobalMaxPool", name, 7, [x])
        for p in (1, 2, 3):
            wide = np.abs(x.astype(np.float64))
            expected = (wide**p).sum(axis=axes, keepdims=True) ** (1 / p)
            case("GlobalLpPool", f"{name} p {p}", 7, [x], expected=[expected.astype(np.float32)], p=p)
    for name in ("float64", "float16", "bfloat16"):
        x = small(name, 2, 3, 4, 4)
        case("GlobalMaxPool", name, 7, [x], expected=[x.max(axis=(2, 3), keepdims=True)])
        mean = x.astype(np.float64).mean(axis=(2, 3), keepdims=True).astype(x.dtype)
        case("GlobalAveragePool", name, 7, [x], expected=[mean])
        norm = np.sqrt((x.astype(np.float64) ** 2).sum(axis=(2, 3), keepdims=True)).astype(x.dtype)
        case("GlobalLpPool", name, 7, [x], expected=[norm])
    np.seterr(**silent)


def normalised(x, axes, epsilon):
    wide = x.astype(np.float64)
    centred = wide - wide.mean(axis=axes, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=axes, keepdims=True) + epsilon)


def normalisations():
    three = (True, True, True)
    for axis in (-1, 1, 2, 0, -2):
        x = normal(2, 3, 4, 5) * 3 + 1
        shape = x.shape[axis:]
        case("LayerNormalization", f"axis {axis}", 17, [x, normal(*shape), normal(*shape)], axis=axis, outputs=three)
        case("LayerNormalization", f"axis {axis} alone", 17, [x, normal(*shape), normal(*shape)], axis=axis)
    case("LayerNormalization", "no bias", 17, [normal(4, 7), normal(7)], epsilon=0.1)
    case("LayerNormalization", "long", 17, [normal(3, 400) * 10, normal(400), normal(400)])
    x, scale, bias = normal(2, 3, 4), normal(4), normal(3, 1)
    case("LayerNormalization", "stretched", 17, [x, scale, bias], axis=1,
         expected=[(normalised(x, (1, 2), 1e-5) * scale + bias).astype(np.float32)])
    for name in ("float64", "float16", "bfloat16"):
        x, scale, bias = small(name, 2, 3, 8), small(name, 8), small(name, 8)
        wide = normalised(x, (2,), 1e-5) * scale.astype(np.float64) + bias.astype(np.float64)
        case("LayerNormalization", name, 17, [x, scale, bias], expected=[wide.astype(x.dtype)])
    for shape in ((2, 4, 7), (2, 4, 5, 3), (1, 4, 2, 3, 3)):
        x, scale, bias = normal(*shape) * 2 + 3, normal(4), normal(4)
        line = (1, 4) + (1,) * (x.ndim - 2)
        case("InstanceNormalization", f"{shape}", 7, [x, scale, bias], epsilon=1e-3, tolerance=1e-4)
        for groups in (1, 2, 4):
            grouped = normalised(x.reshape(shape[0], groups, -1), (2,), 1e-5)
            per_channel = grouped.reshape(shape) * scale.reshape(line) + bias.reshape(line)
            case("GroupNormalization", f"{shape} in {groups}", 21, [x, scale, bias], num_groups=groups, tolerance=1e-4,
                 expected=[per_channel.astype(np.float32)])
            per_group = grouped * scale[:groups].reshape(1, -1, 1) + bias[:groups].reshape(1, -1, 1)
            case("GroupNormalization", f"{shape} in {groups}", 18, [x, scale[:groups], bias[:groups]], num_groups=groups,
                 tolerance=1e-4, expected=[per_group.reshape(shape).astype(np.float32)])
    for name in ("float64", "float16", "bfloat16"):
        x, scale, bias = small(name, 2, 4, 6), small(name, 4), small(name, 4)
        one = scale.astype(np.float64).reshape(1, 4, 1), bias.astype(np.float64).reshape(1, 4, 1)
        result = (normalised(x, (2,), 1e-5) * one[0] + one[1]).astype(x.dtype)
        case("InstanceNormalization", name, 7, [x, scale, bias], expected=[result])
        grouped = normalised(x.reshape(2, 2, 12), (2,), 1e-5).reshape(2, 4, 6)
        case("GroupNormalization", name, 21, [x, scale, bias], num_groups=2, expected=[(grouped * one[0] + one[1]).astype(x.dtype)])
        mean, variance = small(name, 4), np.abs(small(name, 4)) + np.array(1, dtype(name))
        wide = [v.astype(np.float64).reshape(1, 4, 1) for v in (scale, bias, mean, variance)]
        result = wide[0] * (x.astype(np.float64) - wide[2]) / np.sqrt(wide[3] + 1e-5) + wide[1]
        case("BatchNormalization", name, 15, [x, scale, bias, mean, variance], expected=[result.astype(x.dtype)])
        case("LpNormalization", name, 7, [x], expected=[(x.astype(np.float64) / np.sqrt((x.astype(np.float64) ** 2).sum(-1, keepdims=True))).astype(x.dtype)])
        case("MeanVarianceNormalization", name, 13, [x.reshape(2, 4, 3, 2)], expected=[normalised(x.reshape(2, 4, 3, 2), (0, 2, 3), 0).astype(x.dtype)])
    for p in (1, 2):
        for axis in (-1, 0, 1):
            x = normal(3, 4, 5)
            norm = np.abs(x).sum(axis, keepdims=True) if p == 1 else np.sqrt((x.astype(np.float64) ** 2).sum(axis, keepdims=True))
            case("LpNormalization", f"p {p} axis {axis}", 7, [x], expected=[(x / norm).astype(np.float32)], p=p, axis=axis)
    case("LpNormalization", "zeros", 7, [np.zeros((2, 3), np.float32)], expected=[np.zeros((2, 3), np.float32)])
    for name, axes in [("default", None), ("apart", [0, 2]), ("last", [-1]), ("first", [0])]:
        x = normal(2, 3, 4, 5) + 5
        expected = normalised(x, tuple(axes or (0, 2, 3)), 0).astype(np.float32)
        case("MeanVarianceNormalization", name, 13, [x], expected=[expected], tolerance=1e-4, **({"axes": axes} if axes else {}))
    for shape, attributes in [
        ((2, 7, 3, 4), {"size": 3}), ((1, 5, 6), {"size": 5, "alpha": 0.5, "beta": 0.5, "bias": 2.0}),
        ((2, 6, 2, 2), {"size": 4, "alpha": 1.0}), ((1, 3, 2, 2), {"size": 99, "alpha": 2.0, "beta": 0.75}),
        ((1, 4, 5, 5), {"size": 1, "alpha": 0.3, "beta": 1.5}),
    ]:
        x = normal(*shape) * 3
        size, channels, wide = attributes["size"], x.shape[1], x.astype(np.float64)
        sums = np.stack([(wide[:, max(0, c - (size - 1) // 2):min(channels, c + size // 2 + 1)] ** 2).sum(axis=1)
                         for c in range(channels)], axis=1)
        divisor = (attributes.get("bias", 1.0) + attributes.get("alpha", 1e-4) / size * sums) ** attributes.get("beta", 0.75)
        case("LRN", f"{shape} size {size}", 13, [x], expected=[(wide / divisor).astype(np.float32)], **attributes)
    x = small("float64", 2, 3, 2, 2)
    square = lambda c: (x[:, max(0, c - 1):c + 2] ** 2).sum(axis=1)
    sums = np.stack([square(c) for c in range(3)], axis=1)
    case("LRN", "float64", 13, [x], expected=[x / (1 + 1 / 3 * sums) ** 0.75], size=3, alpha=1.0)


def softmaxes():
    for opset in (7, 11, 13):
        for axis in (-1, 0, 1, 2):
            if opset > 7 or axis >= 0:
                case("Hardmax", f"axis {axis}", opset, [normal(3, 4, 5)], axis=axis)
        case("Hardmax", "default", opset, [normal(3, 4, 5)])
    case("Hardmax", "equals", 13, [np.array([[1, 3, 3], [2, 2, 2]], np.float32)])
    for operator in ("Softmax", "LogSoftmax", "Hardmax"):
        for name in ("float64", "float16", "bfloat16"):
            x = small(name, 3, 4)
            wide = np.exp(x.astype(np.float64))
            result = wide / wide.sum(axis=-1, keepdims=True)
            if operator == "LogSoftmax":
                result = np.log(result)
            if operator == "Hardmax":
                result = np.eye(4)[x.argmax(axis=-1)]
            case(operator, name, 13, [x], expected=[result.astype(x.dtype)])


def casts():
    everything = NUMBERS + ["bool"]
    codes = {"float32": 1, "uint8": 2, "int8": 3, "uint16": 4, "int16": 5, "int32": 6, "int64": 7, "bool": 9,
             "float16": 10, "float64": 11, "uint32": 12, "uint64": 13, "bfloat16": 16}
    for name in everything:
        x = np.array([0, 1, 2, 3, 100]).astype(dtype(name))
        for target in ("bfloat16", "float16", "int8") if name != "bfloat16" else everything:
            case("Cast", f"{name} to {target}", 13, [x], expected=[x.astype(np.float32).astype(dtype(target))], to=codes[target])
        case("CastLike", name, 15, [np.array([0, 1, 2, 3.75], np.float32), np.zeros(2, dtype(name))],
             expected=[np.array([0, 1, 2, 3.75]).astype(dtype(name))])
    edge = np.array([np.nan, np.inf, -np.inf, 3e38, -3e38, 300.7, -300.7], np.float32)
    for target, low, high in [("int8", -128, 127), ("uint8", 0, 255), ("int32", -2**31, 2**31 - 1)]:
        result = np.clip(np.trunc(np.nan_to_num(edge.astype(np.float64), nan=0)), low, high).astype(target)
        case("Cast", f"past {target}", 13, [edge], expected=[result], to=codes[target])
    case("Cast", "NaN to bool", 13, [edge], expected=[np.ones(7, bool)], to=9)


def dropouts():
    both, x = (True, True), normal(2, 3)
    everything = np.ones((2, 3), bool)
    case("Dropout", "mask of its type", 7, [x], outputs=both, expected=[x, np.ones((2, 3), np.float32)], ratio=0.4)
    case("Dropout", "mask", 13, [x, np.array(0.3, np.float32)], known=[1], outputs=both, expected=[x, everything])
    operands = [x, np.array(0, np.float32), np.array(True)]
    case("Dropout", "training that drops nothing", 13, operands, known=[1, 2], outputs=both, expected=[x, everything])
    for name in ("float64", "float16", "bfloat16"):
        x = small(name, 2, 3)
        case("Dropout", name, 13, [x], outputs=both, expected=[x, everything])


def products():
    """MatMul and Gemm of what is not float32: sums in double precision or as wrapping integers, rounded once."""
    exact = {"tolerance": 1e-9}
    stacks = [
        ("matrices", (5, 7), (7, 9)), ("broadcast both", (2, 1, 4, 5), (1, 3, 5, 6)), ("stack by matrix", (2, 3, 4, 5), (5, 6)),
        ("vectors", (5,), (5,)), ("vector by matrix", (5,), (5, 6)), ("matrix by vector", (4, 5), (5,)),
        ("vector by stack", (5,), (3, 5, 6)), ("stack by vector", (3, 4, 5), (5,)), ("blocks", (18, 9), (9, 70)),
        ("nothing summed", (2, 0), (0, 3)), ("nothing", (0, 3), (3, 2)), ("no stack", (0, 2, 3), (0, 3, 2)),
    ]
    silent = np.seterr(all="ignore")
    for name in ("float64", "float16", "bfloat16", "int32", "int64", "uint32", "uint64"):
        floats, wide = not name.lstrip("u").startswith("int"), np.float64 if name in FLOATS else dtype(name)
        for form, a, b in stacks:
            a, b = small(name, *a), small(name, *b)
            result = np.matmul(a.astype(wide), b.astype(wide))
            case("MatMul", f"{name} {form}", 13, [a, b], expected=[result.astype(a.dtype)], **exact)

        def gemm(form, a, b, c=None, alpha=1.0, beta=1.0, *, name=name, wide=wide, floats=floats, **attributes):
            x, y = a.astype(wide), b.astype(wide)
            result = (x.T if attributes.get("transA") else x) @ (y.T if attributes.get("transB") else y)
            if (alpha, beta) != (1.0, 1.0):
                attributes |= {"alpha": alpha, "beta": beta}
                result = np.float64(np.float32(alpha)) * result.astype(np.float64)
                c_ = np.float64(np.float32(beta)) * (0 if c is None else c.astype(np.float64))
                result = result + c_ if floats else np.trunc(result + c_)
            elif c is not None:
                result = result + c.astype(wide)
            inputs = [a, b] if c is None else [a, b, c]
            case("Gemm", f"{name} {form}", 13, inputs, expected=[result.astype(a.dtype)], **exact, **attributes)

        for ta in (0, 1):
            for tb in (0, 1):
                a, b = small(name, *((7, 3), (3, 7))[1 - ta]), small(name, *((10, 7), (7, 10))[1 - tb])
                gemm(f"transposed {ta}{tb}", a, b, small(name, 10), transA=ta, transB=tb)
        gemm("all attributes", small(name, 17, 4), small(name, 10, 17), small(name, 4, 10), 0.25, 0.5, transA=1, transB=1)
        gemm("alpha alone", small(name, 3, 5), small(name, 5, 2), None, 3.0)
        for form, shape in [("scalar", ()), ("one", (1,)), ("row", (1, 10)), ("column", (3, 1)), ("matrix", (3, 10))]:
            gemm(f"C {form}", small(name, 3, 7), small(name, 7, 10), small(name, *shape))
            gemm(f"beta C {form}", small(name, 3, 7), small(name, 7, 10), small(name, *shape), 1.0, 2.0)
        gemm("no C", small(name, 3, 7), small(name, 7, 10))
        gemm("blocks", small(name, 18, 9), small(name, 70, 9), small(name, 70), transB=1)
        if floats:
            a, b = np.array([[1, np.nan], [np.inf, 0], [np.inf, 1], [2, -0.0]], dtype(name)), np.array([[1, 2], [-np.inf, 0]], dtype(name))
            result = np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(a.dtype)
            case("MatMul", f"{name} not numbers", 13, [a, b], expected=[result], **exact)
            gemm("not numbers", a, b, np.array([np.nan, 1], dtype(name)))
            a, b = normal(3, 200).astype(dtype(name)), normal(200, 10).astype(dtype(name))
            result = np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(a.dtype)
            # float32 sums of 200 may round the other way: one unit in the last place of the largest.
            case("MatMul", f"{name} long", 13, [a, b], expected=[result])
        else:
            info = np.iinfo(name)
            a, b = np.array([[info.max, 3], [info.min, 5]], name), np.array([[2, info.max], [7, info.max]], name)
            case("MatMul", f"{name} past the ends", 13, [a, b], expected=[a @ b])
            gemm("past the ends", a, b, np.array([info.max, info.min], name))
    a = np.array([[256, 256], [-256, 256], [255, 1]], np.float16)
    case("MatMul", "float16 past the end", 13, [a, a[:2]], expected=[(a.astype(np.float32) @ a[:2].astype(np.float32)).astype(np.float16)])
    np.seterr(**silent)


def write():
    for operator, list_ in sorted(cases.items()):
        text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in list_)
        name = operator if operator in OWN or "." in operator else operator + ".types"
        (HERE / f"{name}.json").write_text(f"[\n{text}\n]\n")
    print(sum(map(len, cases.values())), "cases of", len(cases), "operators")


# What make.py has cases of as well lies beside them in files of another name.
OTHERS = {"Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "ReduceMean", "GlobalAveragePool",
          "BatchNormalization", "Softmax", "LogSoftmax", "Cast", "Dropout", "Gemm", "MatMul"}
unary()
arithmetic()
logic()
reductions()
normalisations()
softmaxes()
casts()
dropouts()
products()
OWN = set(cases) - OTHERS
write()
