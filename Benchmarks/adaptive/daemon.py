"""A picketd of its own in a temporary folder, and a client of its socket that counts what it asks."""

import json
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml


@dataclass
class Reply:
    """What a client learns of one row. `probabilities` None: refused. The last two as far as they are disclosed."""

    probabilities: np.ndarray | None
    flagged: bool | None = None
    score: float | None = None


class Daemon:
    """A copy of a deployment in this mode, that discloses so much."""

    def __init__(self, picket: Path, configuration: Path, disclose: str, mode: str = "enforce") -> None:
        self.folder = Path(tempfile.mkdtemp())
        settings = yaml.safe_load(configuration.read_text())
        (chain,) = settings["chains"]
        chain |= {"mode": mode, "disclose": disclose, "on-flag": "reject-request"}
        self.model = chain["model"]
        # Plugins are loaded only from where nobody but this user can write.
        plugins = self.folder / "plugins"
        plugins.mkdir(mode=0o755)
        for library in picket.parent.glob("libpicket-*.so"):
            shutil.copy(library, plugins)
            (plugins / library.name).chmod(0o755)
        settings["plugins"] = {"directories": [str(plugins)]}
        settings["listen"] = [{"unix": "picket.sock", "mode": "0600"}]
        settings["events"] = {"journal": False, "file": "events.jsonl"}
        for used in (*(one["file"] for one in settings["models"]), chain["calibration"]):
            (self.folder / used).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(configuration.parent / used, self.folder / used)
        beside = configuration.parent / chain["calibration"]
        for state in beside.parent.glob("*.state"):
            shutil.copy(state, (self.folder / chain["calibration"]).parent)
        (self.folder / "picket.yaml").write_text(yaml.safe_dump(settings))
        with open(self.folder / "log", "w") as log:
            command = [picket.parent / "picketd", "--config", self.folder / "picket.yaml"]
            self.process = subprocess.Popen(command, stderr=log, stdout=log)

    def __enter__(self) -> "Client":
        path = self.folder / "picket.sock"
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                return Client(path, self.model)
            except (OSError, NotReady):
                time.sleep(0.1)
        log = (self.folder / "log").read_text()
        self.__exit__()
        raise SystemExit(f"picketd did not become ready: {log}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


class NotReady(Exception):
    pass


class Client:
    """One connection, one row a request, binary tensors."""

    def __init__(self, path: Path, model: str) -> None:
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(str(path))
        self.file = self.connection.makefile("rb")
        self.model = model
        self.asked, self.refused = 0, 0
        if self.exchange(b"GET /v2/health/ready HTTP/1.1\r\nHost: picket\r\n\r\n")[0] != 200:
            raise NotReady
        metadata = f"GET /v2/models/{model} HTTP/1.1\r\nHost: picket\r\n\r\n".encode()
        self.input = json.loads(self.exchange(metadata)[1])["inputs"][0]["name"]

    def exchange(self, request: bytes) -> tuple[int, bytes, int]:
        """Status, body, and how much of the body is JSON."""
        self.connection.sendall(request)
        status = int(self.file.readline().split()[1])
        fields = {}
        while (line := self.file.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            fields[name.strip().lower()] = value.strip()
        body = self.file.read(int(fields.get(b"content-length", 0)))
        return status, body, int(fields.get(b"inference-header-content-length", len(body)))

    def __call__(self, x: np.ndarray) -> Reply:
        """x float32 [c,h,w] in [0,1]."""
        self.asked += 1
        payload = np.ascontiguousarray(x, "<f4").tobytes()
        tensor = {"name": self.input, "shape": [1, *x.shape], "datatype": "FP32"}
        tensor["parameters"] = {"binary_data_size": len(payload)}
        header = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
        head = (
            f"POST /v2/models/{self.model}/infer HTTP/1.1\r\nHost: picket\r\n"
            f"Inference-Header-Content-Length: {len(header)}\r\nContent-Length: {len(header) + len(payload)}\r\n\r\n"
        )
        status, body, size = self.exchange(head.encode() + header + payload)
        if status == 403:
            self.refused += 1
            return Reply(None, flagged=True)
        if status != 200:
            raise SystemExit(f"picketd answered {status}: {body[:size].decode()}")
        answer, rest = json.loads(body[:size]), body[size:]
        found = {}
        for one in answer["outputs"]:
            length = one["parameters"]["binary_data_size"]
            found[one["name"]], rest = rest[:length], rest[length:]
        told = {name: found.pop(f"picket_{name}", None) for name in ("flagged", "score")}
        logits = np.frombuffer(next(iter(found.values())), "<f4").astype(np.float64)
        odds = np.exp(logits - logits.max())
        flagged = None if told["flagged"] is None else bool(told["flagged"][0])
        score = None if told["score"] is None else struct.unpack("<f", told["score"])[0]
        return Reply(odds / odds.sum(), flagged, score)
