#!/usr/bin/env python3
"""Makes the black-box cases' data: a few of the example's pictures, and a model that Picket does not run.

Needs numpy. Run it from anywhere; the same files come out.
"""
import pathlib

import numpy

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[2] / "Examples/fashion-mnist/data"


def pictures():
    numpy.save(HERE / "clean.npy", numpy.load(DATA / "clean-test.npz")["x"][:48])
    numpy.save(HERE / "attacked.npy", numpy.load(DATA / "adversarial/deepfool-8bit.npz")["x"][:32])


def field(number, content):
    """A protobuf field: a varint, or bytes with their length."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    if isinstance(content, str):
        content = content.encode()
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def port(name):
    dimensions = field(1, field(1, 1)) + field(1, field(1, 4))
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dimensions)))


def unsupported():
    """input → Relu → Frobnicate → output, opset 17."""
    relu = field(1, "input") + field(2, "middle") + field(3, "first") + field(4, "Relu")
    unknown = field(1, "middle") + field(2, "output") + field(3, "second") + field(4, "Frobnicate")
    graph = field(1, relu) + field(1, unknown) + field(2, "g") + field(11, port("input")) + field(12, port("output"))
    model = field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17))
    (HERE / "unsupported.onnx").write_bytes(model)


pictures()
unsupported()
