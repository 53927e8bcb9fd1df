"""Training on the CPU: AdamW, one-cycle learning rate, shifts by up to two pixels and mirroring. No row is selected on."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from data import Pictures
from models import ARCHITECTURES, EPOCHS
from paths import SCRATCH, derived_seed

BATCH = 256
PEAK_RATE = 4e-3


def augmented(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    mirror = torch.rand(len(x), generator=generator) < 0.5
    x = torch.where(mirror[:, None, None, None], x.flip(-1), x)
    dy, dx = torch.randint(0, 5, (2,), generator=generator).tolist()
    return functional.pad(x, (2, 2, 2, 2))[:, :, dy : dy + 28, dx : dx + 28]


def train(name: str, pictures: Pictures) -> nn.Module:
    torch.manual_seed(derived_seed(f"train/{name}"))
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(derived_seed(f"augment/{name}"))
    x, y = torch.from_numpy(pictures.unit), torch.from_numpy(pictures.y)
    # Channels last is the faster layout of torch's CPU convolutions; the export does not see it.
    model = ARCHITECTURES[name]().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-2)
    steps = EPOCHS[name] * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps, pct_start=0.25)
    for epoch in range(EPOCHS[name]):
        started, total = time.time(), 0.0
        model.train()
        order = torch.randperm(len(x), generator=generator)
        for start in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            batch = augmented(x[rows], generator).contiguous(memory_format=torch.channels_last)
            loss = functional.cross_entropy(model(batch), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * BATCH
        print(f"{name} epoch {epoch + 1}: loss {total / len(x):.4f}, {time.time() - started:.0f} s", flush=True)
    SCRATCH.mkdir(exist_ok=True)
    torch.save(model.state_dict(), SCRATCH / f"{name}.pt")
    return model.eval()


def trained(name: str) -> nn.Module:
    model = ARCHITECTURES[name]()
    model.load_state_dict(torch.load(SCRATCH / f"{name}.pt"))
    return model.eval()


def accuracy(logits: np.ndarray, y: np.ndarray) -> float:
    return float((logits.argmax(1) == y).mean())
