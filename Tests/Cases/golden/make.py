#!/usr/bin/env python3
"""Takes the example's golden outputs (onnxruntime's logits on 64 images) out of their archives, for tests that read .npy.

    python3 make.py        needs numpy; run it after Examples/fashion-mnist/make.py
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parents[2] / "Examples/fashion-mnist/golden"

images = None
for archive in sorted(GOLDEN.glob("*.npz")):
    data = np.load(archive)
    assert images is None or (images == data["x"]).all(), "the models answer the same images"
    images = data["x"]
    np.save(HERE / f"{archive.stem}.npy", data["logits"])
np.save(HERE / "images.npy", images)
