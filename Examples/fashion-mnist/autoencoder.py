"""The autoencoder of the reconstruction detector, after MagNet (Meng and Chen 2017).

Noisy training pictures in, clean ones out. It learns to draw clothes, and therefore draws clothes where it is shown
something else. It never sees an attack.
"""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import export
from data import Pictures
from paths import derived_seed

NAME, OUTPUT = "fashion-autoencoder", "reconstruction"
EPOCHS, BATCH, PEAK_RATE, NOISE = 8, 256, 4e-3, 0.2


class Upsample(nn.Module):
    """Pixel shuffle by two, written as Reshape and Transpose, which more runtimes have than DepthToSpace."""

    def __init__(self, channels: int, side: int):
        super().__init__()
        self.channels, self.side = channels, side

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        apart = x.reshape(-1, self.channels, 2, 2, self.side, self.side)
        return apart.permute(0, 1, 4, 2, 5, 3).reshape(-1, self.channels, 2 * self.side, 2 * self.side)


def autoencoder() -> nn.Module:
    """[n,1,28,28] in [0,1] to the same; the waist is 8×7×7, half of the pixels' number."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 8, 1),
        nn.Conv2d(8, 64, 3, padding=1), nn.ReLU(), Upsample(16, 7),
        nn.Conv2d(16, 64, 3, padding=1), nn.ReLU(), Upsample(16, 14),
        nn.Conv2d(16, 1, 3, padding=1), nn.Sigmoid(),
    )  # fmt: skip


def train_autoencoder(pictures: Pictures) -> nn.Module:
    """Mean squared error to the clean picture, under Gaussian noise whose deviation is drawn up to NOISE for each."""
    torch.manual_seed(derived_seed(f"train/{NAME}"))
    generator = torch.Generator().manual_seed(derived_seed(f"augment/{NAME}"))
    x = torch.from_numpy(pictures.unit)
    model = autoencoder().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-4)
    steps = EPOCHS * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps, pct_start=0.25)
    for epoch in range(EPOCHS):
        started, total = time.time(), 0.0
        order = torch.randperm(len(x), generator=generator)
        for start in range(0, len(x) - BATCH + 1, BATCH):
            clean = x[order[start : start + BATCH]]
            deviation = NOISE * torch.rand((len(clean), 1, 1, 1), generator=generator)
            noisy = (clean + deviation * torch.randn(clean.shape, generator=generator)).clamp(0, 1)
            loss = functional.mse_loss(model(noisy.contiguous(memory_format=torch.channels_last)), clean)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * BATCH
        print(f"{NAME} epoch {epoch + 1}: loss {total / len(x):.5f}, {time.time() - started:.0f} s", flush=True)
    return model.eval()


def reconstruction_error(pictures: Pictures) -> float:
    """Mean squared error of the exported file on clean pictures."""
    drawn = export.outputs(NAME, OUTPUT, pictures.unit)
    return round(float(np.square(drawn - pictures.unit).mean()), 5)
