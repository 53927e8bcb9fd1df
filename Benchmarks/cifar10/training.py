"""Training on the CPU: AdamW, one-cycle learning rate, shifts, mirroring, bfloat16 passes. No row is selected on."""

import time

import torch
from torch import nn
from torch.nn import functional

from models import ARCHITECTURES, AUTOENCODER, RECIPES, Recipe
from paths import derived_seed
from pictures import Pictures

BATCH = 256
# Standard deviation of what the autoencoder learns to take away.
NOISE = 0.03


def augmented(x: torch.Tensor, recipe: Recipe, generator: torch.Generator) -> torch.Tensor:
    """Every row its own mirroring and shift; what comes in from outside the picture is its reflection."""
    mirrored = torch.rand(len(x), generator=generator) < 0.5
    x = torch.where(mirrored[:, None, None, None], x.flip(-1), x)
    if not recipe.shift:
        return x
    padded = functional.pad(x, (recipe.shift,) * 4, mode="reflect")
    offsets = torch.randint(0, 2 * recipe.shift + 1, (len(x), 2), generator=generator)
    rows = (offsets[:, :1] + torch.arange(32))[:, None, :, None]
    columns = (offsets[:, 1:] + torch.arange(32))[:, None, None, :]
    return padded[torch.arange(len(x))[:, None, None, None], torch.arange(3)[None, :, None, None], rows, columns]


def classifying(model: nn.Module, x: torch.Tensor, y: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    return functional.cross_entropy(model(x).float(), y)


def denoising(model: nn.Module, x: torch.Tensor, y: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    noisy = (x + NOISE * torch.randn(x.shape, generator=generator)).clamp(0, 1)
    restored = model(noisy.contiguous(memory_format=torch.channels_last))
    return (restored.float() - x).square().mean()


def train(name: str, pictures: Pictures) -> nn.Module:
    recipe, loss_of = RECIPES[name], denoising if name == AUTOENCODER else classifying
    torch.manual_seed(derived_seed(f"train/{name}"))
    generator = torch.Generator().manual_seed(derived_seed(f"augment/{name}"))
    x, y = torch.from_numpy(pictures.unit), torch.from_numpy(pictures.y)
    # Channels last is the faster layout of torch's CPU convolutions; the export does not see it.
    model = ARCHITECTURES[name]().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=2e-2)
    steps = recipe.epochs * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps, pct_start=0.25)
    for epoch in range(recipe.epochs):
        started, total = time.time(), 0.0
        model.train()
        order = torch.randperm(len(x), generator=generator)
        for start in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            batch = augmented(x[rows], recipe, generator).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, batch, y[rows], generator)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * BATCH
        print(f"{name} epoch {epoch + 1}: loss {total / len(x):.5f}, {time.time() - started:.0f} s", flush=True)
    return model.eval()
