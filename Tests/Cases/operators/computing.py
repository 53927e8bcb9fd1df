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


def write():
    for operator, list_ in sorted(cases.items()):
        text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in list_)
        name = operator if operator in OWN or "." in operator else operator + ".types"
        (HERE / f"{name}.json").write_text(f"[\n{text}\n]\n")
    print(sum(map(len, cases.values())), "cases of", len(cases), "operators")


# What make.py has cases of as well lies beside them in files of another name.
OTHERS = {"Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid"}
unary()
arithmetic()
logic()
OWN = set(cases) - OTHERS
write()
