#!/usr/bin/env python3
"""Makes tritonclient.json: requests as NVIDIA's HTTP client serialises them, and replies that it reads back.

    python3 -m venv venv && venv/bin/pip install tritonclient[http]==2.73.0 numpy==2.4.6
    venv/bin/python make_tritonclient.py

The client's own serialiser makes each request's body; its own parser reads each expected reply, and the script fails
where that gives other arrays. tritonclient.http itself does not connect to Unix sockets, hence cases of bytes.
"""
import json
import pathlib

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput

LENGTH = "Inference-Header-Content-Length"


def tensor(name, array, datatype, binary=True):
    given = InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


def reply(model, outputs, id=None, parameters=None):
    """A reply as Picket writes it: outputs are (name, datatype, array, binary)."""
    header = {"model_name": model, "model_version": "1"}
    if id is not None:
        header["id"] = id
    if parameters:
        header["parameters"] = parameters
    header["outputs"], tail = [], b""
    for name, datatype, array, binary in outputs:
        output = {"name": name, "datatype": datatype, "shape": list(array.shape)}
        if binary:
            output["parameters"] = {"binary_data_size": array.nbytes}
            tail += array.tobytes()
        else:
            # The shortest decimal that reads back as the same number of the same width.
            output["data"] = [json.loads(str(value).lower()) for value in array.flatten()]
        header["outputs"].append(output)
    text = json.dumps(header, separators=(",", ":")).encode()
    length = len(text) if any(binary for *_, binary in outputs) else None
    parsed = InferenceServerClient.parse_response_body(text + tail, header_length=length)
    for name, _, array, _ in outputs:
        np.testing.assert_array_equal(parsed.as_numpy(name), array)
    return text + tail, length


def case(name, model, inputs, answer, outputs=None, **options):
    body, length = InferenceServerClient.generate_request_body(inputs, outputs=outputs, **options)
    head = f"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: localhost\r\n"
    if length is not None:
        head += f"{LENGTH}: {length}\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    reply_body, reply_length = answer
    made = {
        "name": f"tritonclient: {name}",
        "rawHex": (head.encode() + body).hex(),
        "status": 200,
        "replyBodyHex": reply_body.hex(),
    }
    if reply_length is not None:
        made["replyHeaders"] = {LENGTH: str(reply_length)}
    return made


PASS = {"picket_verdict": "pass"}
X = np.array([[1, 2, 3, 4], [0.5, -0.25, 1e-3, 100]], dtype=np.float32)
Y = X.sum(axis=1, keepdims=True, dtype=np.float32)
Z = Y.astype(np.int64).flatten()
FLAGGED = np.array([False, False])
B = np.array([[True, False]])
U8 = np.array([[[0, 1], [254, 255]]], dtype=np.uint8)
I64 = np.array([[-(2**63)]], dtype=np.int64)
U64 = np.array([[2**64 - 1]], dtype=np.uint64)
F64 = np.array([[0.1]])
H = np.array([[1.5, -0.099975586]], dtype=np.float16)


def sums(binary, id=None):
    y, z, flagged = binary if isinstance(binary, tuple) else (binary,) * 3
    outputs = [("y", "FP32", Y, y), ("z", "INT64", Z, z), ("picket_flagged", "BOOL", FLAGGED, flagged)]
    return reply("sum", outputs, id=id, parameters=PASS)


def echo(binary):
    outputs = [("b", "BOOL", B), ("u8", "UINT8", U8), ("i64", "INT64", I64), ("u64", "UINT64", U64), ("f64", "FP64", F64)]
    return reply("echo", [(*output, binary) for output in outputs])


def echoed(binary):
    arrays = [("b", B, "BOOL"), ("u8", U8, "UINT8"), ("i64", I64, "INT64"), ("u64", U64, "UINT64"), ("f64", F64, "FP64")]
    return [tensor(name, array, datatype, binary) for name, array, datatype in arrays]


cases = [
    case("binary in and out", "sum", [tensor("x", X, "FP32")], sums(True)),
    case("JSON in", "sum", [tensor("x", X, "FP32", binary=False)], sums(True)),
    case(
        "JSON in and out",
        "sum",
        [tensor("x", X, "FP32", binary=False)],
        sums((False, False, False)),
        outputs=[InferRequestedOutput(name, binary_data=False) for name in ("y", "z")],
    ),
    case(
        "outputs chosen",
        "sum",
        [tensor("x", X, "FP32")],
        sums((True, False, False)),
        outputs=[InferRequestedOutput("y"), InferRequestedOutput("z", binary_data=False)],
    ),
    case(
        "an id, a priority and a timeout",
        "sum",
        [tensor("x", X, "FP32")],
        sums(True, id="42"),
        request_id="42",
        priority=1,
        timeout=5_000_000,
    ),
    case("every type, binary", "echo", echoed(True), echo(True)),
    case("every type, JSON in", "echo", echoed(False), echo(True)),
    case("half precision", "half", [tensor("h", H, "FP16")], reply("half", [("h", "FP16", H, True)])),
]
lines = ",\n".join("  " + json.dumps(made) for made in cases)
pathlib.Path(__file__).with_name("tritonclient.json").write_text(f"[\n{lines}\n]\n")
