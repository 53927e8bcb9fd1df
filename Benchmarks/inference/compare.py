#!/usr/bin/env python3
"""The native core beside onnxruntime, openvino and torch: speed, load time, memory, agreement.

    compare.py MODELS... [--picket PROGRAM] [--batches 1,8,32] [--threads 1,2] [--rounds 5] [--seconds 0.4]

MODELS are ONNX files, or folders of them. The first run installs the peers into an environment of its own beside this
file. Every program loads the model in a process of its own and they run in turns, round after round, so that what else
the machine does meets all of them alike. A cell holds ours and the best of the others: the median of a program's passes
over all rounds with the spread of the rounds' medians, and ours divided by the best other median.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PEERS = ["onnxruntime", "openvino", "torch"]


def environment():
    """The peers' own Python, made the first time."""
    folder = HERE / ".venv"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        requirements = HERE / "requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    return python


class Program:
    """A process that measures when told."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        loaded = self.process.stdout.readline()
        self.loaded = json.loads(loaded) if loaded.strip() else None

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended")
        return json.loads(answer) if answer.strip() else None

    def peak_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start(model, threads, picket, python, peers):
    # Whoever opens the file first would wait for the disk.
    pathlib.Path(model).read_bytes()
    programs = [Program("picket", [picket, "bench", model, "--threads", str(threads), "--turns"])]
    programs += [Program(peer, [python, HERE / "peer.py", peer, model, str(threads)]) for peer in peers]
    for program in programs:
        if program.loaded is None:
            print(f"# {program.name} does not run {model}", flush=True)
    return [program for program in programs if program.loaded is not None]


def agreement(model, programs, picket, python):
    """Largest difference of ours from each peer's, relative to the largest output, at 5 rows."""
    with tempfile.TemporaryDirectory() as folder:
        script = (
            "import sys, numpy as np, onnx\n"
            "g = onnx.load(sys.argv[1], load_external_data=False).graph\n"
            "c = {t.name for t in g.initializer}\n"
            "p = next(p for p in g.input if p.name not in c)\n"
            "s = [d.dim_value for d in p.type.tensor_type.shape.dim][1:]\n"
            "np.save(sys.argv[2], np.random.default_rng(3).random((5, *s), dtype=np.float32))\n"
            "print(p.name)\n"
        )
        x, name = f"{folder}/x.npy", None
        name = subprocess.check_output([python, "-c", script, model, x], text=True).strip()
        command = [picket, "run", model, "--input", f"{name}={x}", "--output-dir", f"{folder}/ours"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        ours = next(pathlib.Path(f"{folder}/ours").glob("*.npy"))
        compare = (
            "import sys, numpy as np\n"
            "a, b = np.load(sys.argv[1]), np.load(sys.argv[2])\n"
            "print(float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-30)))\n"
        )
        differences = {}
        for program in programs[1:]:
            program.ask(f"compute {x} {folder}/{program.name}.npy")
            output = subprocess.check_output([python, "-c", compare, ours, f"{folder}/{program.name}.npy"], text=True)
            differences[program.name] = float(output)
        return differences


def cell(programs, rows, rounds, seconds):
    times = {program.name: [] for program in programs}
    for program in programs:
        program.ask(f"{rows} {seconds / 4}")
    for _ in range(rounds):
        for program in programs:
            times[program.name].append(program.ask(f"{rows} {seconds}"))
    figures = {}
    for name, measured in times.items():
        medians = [statistics.median(passes) for passes in measured]
        figures[name] = {
            "p50": statistics.median([time for passes in measured for time in passes]),
            "least": min(medians),
            "most": max(medians),
        }
    return figures


def show(model, rows, threads, figures):
    columns = [f"{name} {figure['p50']:.3f} [{figure['least']:.3f}, {figure['most']:.3f}]" for name, figure in figures.items()]
    others = [figure["p50"] for name, figure in figures.items() if name != "picket"]
    ratio = figures["picket"]["p50"] / min(others) if others else float("nan")
    print(f"| {model} | {rows} | {threads} | " + " | ".join(columns) + f" | {ratio:.2f} |", flush=True)
    return ratio


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--picket", default=str(HERE.parents[1] / ".build" / "release" / "picket"))
    parser.add_argument("--python", help="a Python that has the peers already")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--batches", default="1,8,32")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.4)
    parser.add_argument("--json", help="a file for all figures")
    arguments = parser.parse_args()
    python = arguments.python or environment()
    models = []
    for path in map(pathlib.Path, arguments.models):
        models += sorted(path.rglob("*.onnx")) if path.is_dir() else [path]
    results = []
    print("milliseconds a pass: median [least and greatest median of a round]; ratio: ours / best other\n")
    for model in models:
        for threads in map(int, arguments.threads.split(",")):
            programs = start(str(model), threads, arguments.picket, python, arguments.peers.split(","))
            if not programs or programs[0].name != "picket":
                continue
            if threads == 1:
                for name, difference in agreement(str(model), programs, arguments.picket, python).items():
                    print(f"# {model.stem}: differs from {name} by {difference:.1e}", flush=True)
            for rows in map(int, arguments.batches.split(",")):
                figures = cell(programs, rows, arguments.rounds, arguments.seconds)
                ratio = show(model.stem, rows, threads, figures)
                results.append(dict(model=model.stem, rows=rows, threads=threads, ratio=ratio, figures=figures))
            costs = ", ".join(
                f"{program.name} {program.loaded['load_ms']:.0f} ms {program.peak_kib() / 1024:.0f} MiB"
                + (f" (of them {program.loaded['before_kib'] / 1024:.0f} before)" if "before_kib" in program.loaded else "")
                for program in programs
            )
            print(f"# {model.stem}, {threads} threads: load and peak memory: {costs}", flush=True)
            for program in programs:
                program.close()
    ratios = [result["ratio"] for result in results if result["ratio"] == result["ratio"]]
    if ratios:
        print(f"\n{len(ratios)} cells, geometric mean of the ratios {statistics.geometric_mean(ratios):.3f}, worst {max(ratios):.2f}")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
