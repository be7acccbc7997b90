"""Layers of mmsegmentation's models as matrix products, for GPUs: resizing and adaptive pooling."""

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainstudy.training.resizing import bilinear


def install(module: nn.Module) -> None:
    """Replace the layers of ``module`` that pool, and mmsegmentation's resizing in its heads."""
    from mmseg.models.decode_heads import psp_head, segformer_head

    for head in (psp_head, segformer_head):
        head.resize = resize
    for parent in list(module.modules()):
        for name, child in parent.named_children():
            if type(child) is nn.AdaptiveAvgPool2d:
                setattr(parent, name, AdaptivePool(cast(Any, child.output_size)))


def resize(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    warning: bool = True,
) -> Tensor:
    """mmsegmentation's ``resize``, by products where it is bilinear and on a GPU."""
    if mode != "bilinear" or size is None:
        return F.interpolate(input, size, scale_factor, mode, align_corners)
    height, width = size
    return bilinear(input, (int(height), int(width)), bool(align_corners))


class AdaptivePool(nn.Module):
    """``nn.AdaptiveAvgPool2d`` to ``size`` bins a side, by a product on a GPU."""

    def __init__(self, size: int | tuple[int, int]) -> None:
        super().__init__()
        self.size = (size, size) if isinstance(size, int) else (size[0], size[1])

    def forward(self, inputs: Tensor) -> Tensor:
        if inputs.device.type != "cuda":
            return F.adaptive_avg_pool2d(inputs, self.size)
        return pool_by_product(inputs, self.size)


def pool_by_product(inputs: Tensor, size: tuple[int, int]) -> Tensor:
    """Means of [B,C,H,W] over adaptive bins, [B,C,h,w]."""
    batch, channels, height, width = inputs.shape
    bins = _bins(height, width, size, inputs.device)
    # sums first: zeros and ones are exact in every precision, one over their number is not
    sums = bins.to(inputs.dtype) @ inputs.permute(0, 2, 3, 1).reshape(batch, -1, channels)
    means: Tensor = (sums / bins.sum(1, keepdim=True)).to(inputs.dtype)
    return means.view(batch, *size, channels).permute(0, 3, 1, 2)


# Made on the device in every step, from nothing but lengths: a compiler fuses them into one small
# kernel, where a cached tensor would be an input that it has to guard.


def _bins(height: int, width: int, size: tuple[int, int], device: torch.device) -> Tensor:
    """Which pixels each bin covers: zeros and ones [bins, height x width]."""
    rows, columns = (
        _spans(length, count, device) for length, count in zip((height, width), size, strict=True)
    )
    return (rows[:, None, :, None] * columns[None, :, None, :]).reshape(-1, height * width)


def _spans(length: int, count: int, device: torch.device) -> Tensor:
    """Which of ``length`` places each of ``count`` bins covers, [count, length]."""
    place = torch.arange(length, device=device)
    number = torch.arange(count, device=device)[:, None]
    first, end = number * length // count, -((-(number + 1) * length) // count)
    return ((place >= first) & (place < end)).float()
