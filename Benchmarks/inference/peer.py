#!/usr/bin/env python3
"""One peer of the native core, measured when told: peer.py PROGRAM MODEL.onnx THREADS.

PROGRAM is onnxruntime, openvino or torch. Prints {"load_ms": ...}, from opening the file to the first answer of one row;
then, for each line on standard input,
    ROWS SECONDS          the milliseconds of each pass, as one line of JSON
    compute IN.npy OUT.npy   writes the first output and prints an empty line
float32 throughout, and no more threads than told.
"""
import json
import os
import sys
import time

import numpy as np

program, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)


def onnxruntime_runner():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL

    def load():
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda x: session.run(None, {name: x})[0]

    return load


def openvino_runner():
    import openvino

    core = openvino.Core()

    def load():
        compiled = core.compile_model(
            core.read_model(path),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": "1",
                "INFERENCE_NUM_THREADS": str(threads),
            },
        )
        request = compiled.create_infer_request()

        def run(x):
            request.infer([x], share_inputs=True, share_outputs=True)
            return request.get_output_tensor(0).data

        return run

    return load


def torch_runner():
    import onnx
    import torch
    from onnx2torch import convert

    torch.set_num_threads(threads)
    torch.backends.mkldnn.allow_tf32 = False

    def load():
        module = convert(onnx.load(path)).eval()
        with torch.inference_mode():
            example = torch.from_numpy(sample(1))
            traced = torch.jit.freeze(torch.jit.trace(module, example, check_trace=False))
            traced(example)

        def run(x):
            with torch.inference_mode():
                result = traced(torch.from_numpy(x))
            return (result[0] if isinstance(result, (list, tuple)) else result).numpy()

        return run

    return load


def row_shape():
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    port = next(port for port in graph.input if port.name not in constants)
    return [dimension.dim_value for dimension in port.type.tensor_type.shape.dim][1:]


def sample(rows):
    generator = np.random.default_rng(7)
    return generator.random((rows, *shape), dtype=np.float32)


def resident(key):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key))


shape = row_shape()
load = {"onnxruntime": onnxruntime_runner, "openvino": openvino_runner, "torch": torch_runner}[program]()
before = resident("VmRSS")
begin = time.perf_counter()
run = load()
run(sample(1))
loaded = {"load_ms": (time.perf_counter() - begin) * 1e3, "before_kib": before}
# A traced module may know the one batch that it was traced with: then this program does not run the model.
run(sample(2))
print(json.dumps(loaded), flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "compute":
        np.save(words[2], np.array(run(np.load(words[1]))))
        print(flush=True)
        continue
    x, seconds, times = sample(int(words[0])), float(words[1]), []
    end = time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        run(x)
        times.append((time.perf_counter() - start) * 1e3)
        if time.perf_counter() >= end:
            break
    print(json.dumps(times), flush=True)
