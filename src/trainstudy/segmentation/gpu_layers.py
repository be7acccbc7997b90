"""Resizing and adaptive pooling as matrix products, for GPUs.

Both are linear maps of rows and columns. torch's kernels for them take a tenth to a fifth of a
PSPNet or SegFormer step on a large GPU, most of it in the gradients; as products of small matrices
they run on the units made for that, forward and backward.
"""

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDE = 32  # channels from which a product over channels-last rows is efficient


def install(module: nn.Module) -> None:
    """Replace the layers of ``module`` that pool, and mmsegmentation's resizing in its heads."""
    from mmseg.models.decode_heads import psp_head, segformer_head

    for head in (psp_head, segformer_head):
        head.resize = resize
    for weights in (_bilinear, _bins):  # here, not above: it imports the whole compiler
        torch.compiler.assume_constant_result(weights)  # type: ignore[no-untyped-call]
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
    if mode != "bilinear" or size is None or input.device.type != "cuda":
        return F.interpolate(input, size, scale_factor, mode, align_corners)
    height, width = size
    return resize_by_products(input, (int(height), int(width)), bool(align_corners))


def resize_by_products(inputs: Tensor, size: tuple[int, int], align_corners: bool) -> Tensor:
    """Bilinear resizing of [B,C,H,W] to [B,C,h,w]."""
    batch, channels, old_height, old_width = inputs.shape
    height, width = size
    if (height, width) == (old_height, old_width):
        return inputs
    device = str(inputs.device)
    rows: Tensor = _bilinear(old_height, height, align_corners, device).to(inputs.dtype)
    columns: Tensor = _bilinear(old_width, width, align_corners, device).to(inputs.dtype)
    if channels < WIDE:
        return rows @ (inputs.contiguous() @ columns.T)
    pixels = inputs.permute(0, 2, 3, 1)  # channels last: a view
    wide = columns @ pixels.reshape(-1, old_width, channels)
    tall = rows @ wide.view(batch, old_height, width * channels)
    return tall.view(batch, height, width, channels).permute(0, 3, 1, 2)


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
    bins: Tensor = _bins(height, width, size, str(inputs.device))
    # sums first: zeros and ones are exact in every precision, one over their number is not
    sums = bins.to(inputs.dtype) @ inputs.permute(0, 2, 3, 1).reshape(batch, -1, channels)
    means: Tensor = (sums / bins.sum(1, keepdim=True)).to(inputs.dtype)
    return means.view(batch, *size, channels).permute(0, 3, 1, 2)


def _bilinear(source: int, target: int, align_corners: bool, device: str) -> Tensor:
    """The weights [target, source] of one side, from torch's own kernel."""
    key = (source, target, align_corners, device)
    if key not in _CONSTANTS:
        unit = torch.eye(source)[None, None]
        weights = F.interpolate(
            unit, (target, source), mode="bilinear", align_corners=align_corners
        )
        _CONSTANTS[key] = weights[0, 0].to(device)
    return _CONSTANTS[key]


def _bins(height: int, width: int, size: tuple[int, int], device: str) -> Tensor:
    """Which pixels each bin covers: zeros and ones [bins, height x width]."""
    key = (height, width, size, device)
    if key not in _CONSTANTS:
        sides = []
        for length, count in zip((height, width), size, strict=True):
            place, number = torch.arange(length), torch.arange(count)[:, None]
            first, end = number * length // count, -((-(number + 1) * length) // count)
            sides.append(((place >= first) & (place < end)).float())
        bins = torch.einsum("ah,bw->abhw", *sides).reshape(-1, height * width)
        _CONSTANTS[key] = bins.to(device)
    return _CONSTANTS[key]


# a dictionary and no functools.cache: the compiler looks through that one, and would make the
# weights anew in every step
_CONSTANTS: dict[tuple[object, ...], Tensor] = {}
