"""Training on the CPU: AdamW, one-cycle learning rate, light augmentation. No row is selected on."""

import time

import torch
from torch import nn
from torch.nn import functional

from data import Pictures
from models import ARCHITECTURES, RECIPES, Recipe
from paths import derived_seed

BATCH = 256


def augmented(x: torch.Tensor, recipe: Recipe, generator: torch.Generator) -> torch.Tensor:
    if recipe.mirror:
        mirrored = torch.rand(len(x), generator=generator) < 0.5
        x = torch.where(mirrored[:, None, None, None], x.flip(-1), x)
    if recipe.shift:
        dy, dx = torch.randint(0, 2 * recipe.shift + 1, (2,), generator=generator).tolist()
        x = functional.pad(x, (recipe.shift,) * 4)[:, :, dy : dy + 28, dx : dx + 28]
    return x


def train(name: str, pictures: Pictures) -> nn.Module:
    recipe = RECIPES[name]
    torch.manual_seed(derived_seed(f"train/{name}"))
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(derived_seed(f"augment/{name}"))
    x, y = torch.from_numpy(pictures.unit), torch.from_numpy(pictures.y)
    # Channels last is the faster layout of torch's CPU convolutions; the export does not see it.
    model = ARCHITECTURES[name]().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-2)
    steps = recipe.epochs * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps, pct_start=0.25)
    for epoch in range(recipe.epochs):
        started, total = time.time(), 0.0
        model.train()
        order = torch.randperm(len(x), generator=generator)
        for start in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            batch = augmented(x[rows], recipe, generator).contiguous(memory_format=torch.channels_last)
            loss = functional.cross_entropy(model(batch), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * BATCH
        print(f"{name} epoch {epoch + 1}: loss {total / len(x):.4f}, {time.time() - started:.0f} s", flush=True)
    return model.eval()
