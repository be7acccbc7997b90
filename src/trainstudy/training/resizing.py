"""Bilinear resizing as matrix products, for GPUs.

It is a linear map of rows and one of columns. torch's kernels for it take a tenth to a fifth of a
step of the models here on a large GPU, most of it in the gradients; as products of small matrices
it runs on the units made for that, forward and backward.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

WIDE = 32  # channels from which a product over channels-last rows is efficient


def bilinear(inputs: Tensor, size: tuple[int, int], align_corners: bool = False) -> Tensor:
    """Resize [B,C,H,W] to [B,C,h,w]: on a GPU by products, elsewhere as torch does."""
    if inputs.device.type != "cuda":
        return F.interpolate(inputs, size, mode="bilinear", align_corners=align_corners)
    return resize_by_products(inputs, size, align_corners)


def resize_by_products(inputs: Tensor, size: tuple[int, int], align_corners: bool) -> Tensor:
    """Resize [B,C,H,W] to [B,C,h,w], on any device."""
    batch, channels, old_height, old_width = inputs.shape
    height, width = size
    if (height, width) == (old_height, old_width):
        return inputs
    rows = _bilinear(old_height, height, align_corners, inputs.device).to(inputs.dtype)
    columns = _bilinear(old_width, width, align_corners, inputs.device).to(inputs.dtype)
    if channels < WIDE:
        return rows @ (inputs.contiguous() @ columns.T)
    pixels = inputs.permute(0, 2, 3, 1)  # channels last: a view
    wide = columns @ pixels.reshape(-1, old_width, channels)
    tall = rows @ wide.view(batch, old_height, width * channels)
    return tall.view(batch, height, width, channels).permute(0, 3, 1, 2)


# Made on the device in every step, from nothing but lengths: a compiler fuses it into one small
# kernel, where a cached tensor would be an input that it has to guard.


def _bilinear(source: int, target: int, align_corners: bool, device: torch.device) -> Tensor:
    """The weights [target, source] of one side: a triangle around each target's place."""
    number = torch.arange(target, device=device, dtype=torch.float32)[:, None]
    if align_corners:
        place = number * ((source - 1) / max(target - 1, 1))
    else:
        place = ((number + 0.5) * (source / target) - 0.5).clamp(0, source - 1)
    distance = place - torch.arange(source, device=device, dtype=torch.float32)
    return (1 - distance.abs()).clamp(min=0)
