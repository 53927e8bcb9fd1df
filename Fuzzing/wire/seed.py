#!/usr/bin/env python3
"""Writes the cases of Tests/Cases/wire as a corpus: python3 seed.py FOLDER"""
import json
import pathlib
import re
import sys

corpus = pathlib.Path(sys.argv[1])
corpus.mkdir(exist_ok=True)
cases = pathlib.Path(__file__).resolve().parents[2] / "Tests/Cases/wire"


def expanded(text):
    return re.sub(r"<REPEAT (\d+) ([^>]*)>", lambda match: match[2] * min(int(match[1]), 30), text, flags=re.DOTALL)


def request(case):
    if "rawHex" in case:
        return bytes.fromhex(case["rawHex"])
    if "raw" in case:
        return expanded(case["raw"]).encode()
    body = expanded(case.get("body", "")).encode()
    headers = "".join(f"{name}: {expanded(value)}\r\n" for name, value in case.get("headers", []))
    if "binaryHex" in case:
        headers += f"Inference-Header-Content-Length: {len(body)}\r\n"
        body += bytes.fromhex(case["binaryHex"])
    target = case.get("target", "/v2/models/sum/infer")
    return f"{case.get('method', 'POST')} {target} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


for file in sorted(cases.glob("*.json")):
    for index, case in enumerate(json.loads(file.read_text())):
        bytes_ = request(case)
        # The fuzzer's models have other names and shapes.
        bytes_ = bytes_.replace(b"models/sum", b"models/m").replace(b"models/echo", b"models/n")
        (corpus / f"{file.stem}-{index}").write_bytes(bytes_[:4096])
