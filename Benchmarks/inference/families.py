"""Image classifiers by name, from torchvision's and timm's definitions, with random weights under which different inputs
give clearly different outputs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass(frozen=True)
class Family:
    """A model to export: how it is made, and what goes in."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...] = (3, 224, 224)
    # A second file by the exporter that torch recommends today, opset 18.
    dynamo: bool = False


class Signal(nn.Sequential):
    """A 1-D CNN over a few channels of samples: strided, dilated, grouped, depthwise convolutions and a dense head."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv1d(6, 32, 7, stride=2, padding=3), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Conv1d(32, 32, 5, padding=4, dilation=2, groups=32), nn.Conv1d(32, 64, 1), nn.BatchNorm1d(64), nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(64, 64, 3, padding=1, groups=4), nn.BatchNorm1d(64), nn.ELU(),
            nn.AvgPool1d(3, stride=2, padding=1),
            nn.Conv1d(64, 128, 3, padding=1), nn.BatchNorm1d(128), nn.GELU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(128, 12),
        )


def vision(name: str, **options) -> Callable[[], nn.Module]:
    import torchvision

    return lambda: getattr(torchvision.models, name)(weights=None, **options)


def image(name: str) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        import timm
        from timm.layers import set_fused_attn

        # Attention in its parts, as the older exporter wants it.
        set_fused_attn(False)
        return timm.create_model(name, pretrained=False)

    return make


FAMILIES = {
    "resnet18": Family(vision("resnet18"), dynamo=True),
    "resnet50": Family(vision("resnet50")),
    "mobilenet_v2": Family(vision("mobilenet_v2"), dynamo=True),
    "squeezenet1_1": Family(vision("squeezenet1_1")),
    "efficientnet_b0": Family(vision("efficientnet_b0")),
    "densenet121": Family(vision("densenet121")),
    "convnext_tiny": Family(vision("convnext_tiny"), dynamo=True),
    "vit_small": Family(image("vit_small_patch16_224"), dynamo=True),
    "vgg16": Family(vision("vgg16")),
    "vgg11": Family(vision("vgg11")),
    "inception_v3": Family(vision("inception_v3", aux_logits=True, init_weights=True), shape=(3, 299, 299)),
    "googlenet": Family(vision("googlenet", aux_logits=True, init_weights=True)),
    "shufflenet_v2": Family(vision("shufflenet_v2_x1_0")),
    "mobilenet_v3_small": Family(vision("mobilenet_v3_small"), dynamo=True),
    "mobilenet_v3_large": Family(vision("mobilenet_v3_large")),
    "mnasnet": Family(vision("mnasnet1_0")),
    "regnet_x_400mf": Family(vision("regnet_x_400mf")),
    "regnet_y_400mf": Family(vision("regnet_y_400mf")),
    "deit_tiny": Family(image("deit_tiny_patch16_224")),
    "swin_tiny": Family(image("swin_tiny_patch4_window7_224")),
    "mlp_mixer": Family(image("mixer_s16_224")),
    "signal_1d": Family(Signal, shape=(6, 256), dynamo=True),
}


def inputs(shape: tuple[int, ...], count: int, seed: int) -> np.ndarray:
    """Samples that differ as pictures do: each a colour, a contrast, soft shapes and some noise of its own."""
    random = np.random.default_rng(seed)
    channels, *extents = shape
    samples = np.empty((count, *shape), np.float32)
    axes = np.meshgrid(*(np.linspace(0, 1, extent) for extent in extents), indexing="ij")
    for sample in samples:
        for channel in range(channels):
            plane = np.full(extents, random.normal(0, 0.7))
            for _ in range(4):
                phase = sum(axis * random.uniform(-9, 9) for axis in axes) + random.uniform(0, 6.3)
                plane += random.normal(0, 0.6) * np.sin(phase)
            sample[channel] = plane + random.normal(0, random.uniform(0.05, 0.5), extents)
    return samples


def prepared(family: Family, seed: int = 7) -> nn.Module:
    """The model in evaluation mode. Batch normalisation holds what it saw on random inputs, scales that start next to
    zero are drawn anew, and the last layer is centred and scaled so that outputs of different inputs lie about one
    apart."""
    torch.manual_seed(seed)
    model = family.make()
    for name, parameter in model.named_parameters():
        if "layer_scale" in name or name.endswith("gamma"):
            nn.init.uniform_(parameter, 0.1, 0.5)
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    model.eval()
    with torch.no_grad():
        if norms:
            for norm in norms:
                norm.reset_running_stats()
                norm.momentum = None
                norm.train()
            model(torch.from_numpy(inputs(family.shape, 12, seed)))
            model.eval()
        last = [module for module in model.modules() if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d))][-1]
        if model.__class__.__name__ == "SqueezeNet":
            last = model.classifier[1]
        if not last.weight.any():
            nn.init.trunc_normal_(last.weight, std=0.02)
        outputs = model(torch.from_numpy(inputs(family.shape, 12, seed + 1)))
        spread = outputs.std(0).mean()
        last.weight.mul_(1 / spread)
        if last.bias is None:
            last.bias = nn.Parameter(torch.zeros(outputs.shape[1]))
        last.bias.sub_(outputs.mean(0)).mul_(1 / spread)
    return model
