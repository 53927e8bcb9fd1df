#!/usr/bin/env python3
"""The native core beside onnxruntime on the same models, turn by turn in one run, one thread each, float32.

    compare.py PICKET MODEL.onnx... [--rounds N]     needs numpy and onnxruntime

PICKET is the built `picket`. For each batch it alternates `picket bench` and onnxruntime, and prints each side's best p50
of the rounds and ours over theirs: the best, since other load only ever adds.
"""
import argparse
import json
import subprocess
import time

import numpy as np
import onnxruntime


def theirs(session, name, batch, seconds=0.5):
    generator = np.random.default_rng(7)
    x = generator.random((batch, 1, 28, 28), dtype=np.float32)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        session.run(None, {name: x})
        times.append(time.perf_counter() - begin)
    return float(np.median(times[len(times) // 10 :])) * 1e3


def ours(picket, model, batch):
    command = [picket, "bench", model, "--batch", str(batch), "--threads", "1", "--seconds", "0.5", "--json"]
    return json.loads(subprocess.check_output(command))["p50_ms"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("picket")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    print(f"onnxruntime {onnxruntime.__version__}, p50 in ms, best of {arguments.rounds} rounds")
    for model in arguments.models:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        for batch in (1, 8, 32):
            pairs = [(ours(arguments.picket, model, batch), theirs(session, name, batch)) for _ in range(arguments.rounds)]
            left, right = (min(side) for side in zip(*pairs))
            print(f"{model.split('/')[-1]:20} batch {batch:2}  ours {left:8.4f}  theirs {right:8.4f}  ratio {left / right:5.2f}")


if __name__ == "__main__":
    main()
