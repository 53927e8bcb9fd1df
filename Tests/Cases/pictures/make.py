#!/usr/bin/env python3
"""Makes the picture folder that DataSetTests reads: two classes of tiny pictures (Pillow)."""
import pathlib

import numpy as np
from PIL import Image

here = pathlib.Path(__file__).parent
for label, names in {"0-dark": ["a.png", "b.jpg"], "1-light": ["c.png"]}.items():
    (here / "labelled" / label).mkdir(parents=True, exist_ok=True)
    for name in names:
        base = 16 if label.startswith("0") else 208
        pixels = base + np.arange(3 * 4 * 3, dtype=np.uint8).reshape(3, 4, 3)
        Image.fromarray(pixels).save(here / "labelled" / label / name, quality=95)
