#!/usr/bin/env python3
"""Components of the example's clean rows by plain numpy, scipy and onnxruntime. Writes real-components.json beside itself.

    python3 -m venv venv && venv/bin/pip install numpy scipy onnxruntime && venv/bin/python make_real_components.py

Two families: "squeezing" (L1 between the probabilities on a row and on its 1-bit and median copies) and "shift" (L1, and
whether the label changes, on a copy shifted by a pixel: mostly ties). What matters to the test is that the numbers are
real, dependent, skewed and partly tied, not which detector they come from.
"""
import hashlib
import json
import pathlib

import numpy
import onnxruntime
from scipy import ndimage

here = pathlib.Path(__file__).resolve().parent
example = here.parents[2] / "Examples" / "fashion-mnist"
model = example / "models" / "fashion-cnn.onnx"
rows = numpy.concatenate([numpy.load(example / "data" / f"clean-{part}.npz")["x"] for part in ("calibration", "test")])
rows = (rows.astype(numpy.float32) / numpy.float32(255)).reshape(-1, 1, 28, 28)
session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])


def probabilities(batch):
    logits = numpy.concatenate([
        session.run(None, {session.get_inputs()[0].name: batch[start:start + 50]})[0]
        for start in range(0, len(batch), 50)
    ]).astype(numpy.float64)
    shifted = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


base = probabilities(rows)
bits = probabilities(numpy.round(rows).astype(numpy.float32))
median = probabilities(ndimage.median_filter(rows, size=(1, 1, 2, 2), mode="reflect"))
moved = probabilities(numpy.roll(rows, 1, axis=3))
distance = lambda other: numpy.abs(base - other).sum(axis=1)
disagrees = (base.argmax(axis=1) != moved.argmax(axis=1)).astype(float)
columns = [distance(bits), distance(median), distance(moved), disagrees]
here.joinpath("real-components.json").write_text(json.dumps({
    "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
    "rows": [[float(f"{value:.6g}") for value in row] for row in numpy.array(columns).T],
}, separators=(",", ":")) + "\n")
