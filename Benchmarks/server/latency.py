#!/usr/bin/env python3
"""Round trips to a running picketd on its Unix socket: p50 and p99 of one-row requests, binary and JSON, and of
GET /v2/health/live, one connection, one request at a time. Standard library alone.

    latency.py SOCKET MODEL INPUT [ROUNDS]

INPUT is the name of the model's input, which takes [N, 1, 28, 28] float32. Rows are blocks of grey levels that no two
requests share. The client's own share (a Python send and recv) is in every figure.
"""
import json
import random
import socket
import struct
import sys
import time


def read_reply(connection: socket.socket, buffer: bytearray) -> bytes:
    while b"\r\n\r\n" not in buffer:
        buffer += connection.recv(65536)
    head, _, rest = bytes(buffer).partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(rest) < length:
        rest += connection.recv(65536)
    buffer[:] = rest[length:]
    return head.split(b" ")[1]


def requests(kind: str, model: str, name: str, rounds: int):
    generator = random.Random(7)
    for number in range(rounds):
        if kind == "live":
            yield b"GET /v2/health/live HTTP/1.1\r\nHost: picket\r\n\r\n"
            continue
        pixels = [generator.randrange(256) / 255 for _ in range(16)]
        row = [pixels[index // 49] for index in range(784)]
        tensor = {"name": name, "shape": [1, 1, 28, 28], "datatype": "FP32"}
        body = {"id": str(number), "inputs": [tensor]}
        extra = b""
        if kind == "binary":
            tensor["parameters"] = {"binary_data_size": 3136}
            body["parameters"] = {"binary_data_output": True}
            header = json.dumps(body).encode()
            extra = b"Inference-Header-Content-Length: %d\r\n" % len(header)
            payload = header + struct.pack("<784f", *row)
        else:
            tensor["data"] = row
            payload = json.dumps(body).encode()
        path = f"/v2/models/{model}/infer".encode()
        yield b"POST %s HTTP/1.1\r\nHost: picket\r\n%sContent-Length: %d\r\n\r\n%s" % (path, extra, len(payload), payload)


def main() -> None:
    path, model, name = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 2000
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    buffer = bytearray()
    for kind in ("live", "binary", "json"):
        times, sizes, codes = [], [], {}
        for request in list(requests(kind, model, name, rounds)):
            begin = time.perf_counter()
            connection.sendall(request)
            code = read_reply(connection, buffer).decode()
            times.append((time.perf_counter() - begin) * 1e6)
            sizes.append(len(request))
            codes[code] = codes.get(code, 0) + 1
        times = sorted(times[rounds // 10 :])
        print(
            f"{kind:7} {sum(sizes) // len(sizes):6} bytes  p50 {times[len(times) // 2]:8.1f} us  "
            f"p99 {times[len(times) * 99 // 100]:8.1f} us  {codes}"
        )


if __name__ == "__main__":
    main()
