#!/usr/bin/env python3
"""Picket's picture transforms beside scipy, OpenCV, Pillow and scikit-image: ms per 1,000 pictures, turn by turn in one run.

    compare.py [--rounds N] [--only WORD] [--level portable|avx2|avx512|neon]

Makes its own virtual environment (`venv`, beside this file) and its own library of the C kernels (`build`, with clang) the
first time. README.md says what is timed.
"""

import argparse
import ctypes
import math
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "Sources" / "CPicketKernels"
PYTHON = HERE / "venv" / "bin" / "python"


def own_python():
    """Goes on inside the virtual environment."""
    if pathlib.Path(sys.prefix) == HERE / "venv":
        return
    if not PYTHON.exists():
        subprocess.check_call([sys.executable, "-m", "venv", HERE / "venv"])
    if not (HERE / "venv" / "ready").exists():
        subprocess.check_call([PYTHON, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"])
        (HERE / "venv" / "ready").touch()
    os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])


def library(level):
    (HERE / "build").mkdir(exist_ok=True)
    sources = [HERE / "pictures.c", *sorted(KERNELS.rglob("*.c"))]
    target = HERE / "build" / "pictures.so"
    clang = ["clang", "-std=c11", "-O2", "-shared", "-fPIC", f"-I{KERNELS}/include", *sources, "-lm", "-o", target]
    subprocess.check_call([str(word) for word in clang])
    loaded = ctypes.CDLL(str(target))
    loaded.choose.restype = ctypes.c_char_p
    name = loaded.choose(level.encode())
    if name is None:
        sys.exit(f"level {level!r} cannot run here")
    return loaded, name.decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--level", default="")
    arguments = parser.parse_args()
    own_python()
    import peers

    kernels, level = library(arguments.level)
    print(f"ours: {level}; {peers.versions()}; one thread each, best of {arguments.rounds} rounds")
    print("ms per 1,000 pictures; ratio: ours / best of those that do the same to float32 pixels")
    print("| transform | pictures | ours | others | ratio | 8-bit pixels | ratio |")
    print("|---|---|---|---|---|---|---|")
    for channels, side in ((1, 28), (3, 224)):
        for case in peers.cases(channels, side):
            if arguments.only in case.name:
                measure(case, kernels, arguments.rounds)


def measure(case, kernels, rounds):
    import numpy as np

    source = case.pictures
    result = np.empty(case.result_shape, np.float32)
    pointer = lambda array: ctypes.c_void_p(array.ctypes.data)
    numbers = [ctypes.c_double(n) if isinstance(n, float) else ctypes.c_int(n) for n in case.numbers]
    extents = [ctypes.c_size_t(n) for n in source.shape[1:]]
    function = getattr(kernels, case.function)

    def ours(pictures=source):
        function(pointer(pictures), pointer(result), ctypes.c_size_t(len(pictures)), *extents, *numbers)

    for index in range(min(4, len(source))):
        ours(source[index : index + 1])
        for peer in case.peers:
            peer.check(result, index)
    best = {"ours": math.inf} | {peer.name: math.inf for peer in case.peers}
    for _ in range(rounds):
        for name, run in [("ours", ours)] + [(peer.name, peer.run) for peer in case.peers]:
            best[name] = min(best[name], timed(run) * 1e6 / len(source))
    print(row(case, best), flush=True)


def timed(run, least=0.02):
    """Processor seconds of one run, of as many as fill a moment: other programs' turns on the CPU do not count."""
    turns, begin = 0, time.thread_time()
    while True:
        run()
        turns += 1
        took = time.thread_time() - begin
        if took > least:
            return took / turns


def row(case, best):
    def column(peers):
        listed = ", ".join(f"{peer.name} {best[peer.name]:.2f} ({peer.difference})" for peer in peers)
        return listed or "none", f"{best['ours'] / min(best[p.name] for p in peers):.2f}" if peers else ""

    same = [peer for peer in case.peers if not peer.bytes]
    coarse = [peer for peer in case.peers if peer.bytes]
    shape = f"{case.pictures.shape[1]} × {case.pictures.shape[2]}²"
    cells = [case.name, shape, f"{best['ours']:.2f}", *column(same), *column(coarse)]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
