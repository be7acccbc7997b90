"""Image operations of the AutoAugment family on batches, each image with its own magnitude.

Images are float [B,3,H,W] in 0..255, magnitudes float [B]. Definitions: Cubuk et al.,
"AutoAugment" (2019), table 6.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

IGNORE = 255


def _grey(images: Tensor) -> Tensor:
    weights = images.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)  # ITU-R 601
    return (images * weights).sum(1, keepdim=True)


def _blend(base: Tensor, images: Tensor, factor: Tensor) -> Tensor:
    """``base`` at factor 0, the image at 1, exaggeration beyond."""
    return (base + (images - base) * factor.view(-1, 1, 1, 1)).clamp(0, 255)


def brightness(images: Tensor, magnitude: Tensor) -> Tensor:
    return _blend(torch.zeros_like(images), images, 1 + magnitude)


def color(images: Tensor, magnitude: Tensor) -> Tensor:
    return _blend(_grey(images), images, 1 + magnitude)


def contrast(images: Tensor, magnitude: Tensor) -> Tensor:
    return _blend(_grey(images).mean((2, 3), keepdim=True), images, 1 + magnitude)


def sharpness(images: Tensor, magnitude: Tensor) -> Tensor:
    kernel = images.new_tensor([[1, 1, 1], [1, 5, 1], [1, 1, 1]]).div(13).expand(3, 1, 3, 3)
    smooth = F.conv2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)
    return _blend(smooth, images, 1 + magnitude)


def posterize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Keep ``magnitude`` (1..8) bits of every channel."""
    step = 2 ** (8 - magnitude.round()).view(-1, 1, 1, 1)
    return (images / step).floor() * step


def solarize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Invert what is at least ``magnitude`` bright."""
    return torch.where(images >= magnitude.view(-1, 1, 1, 1), 255 - images, images)


def autocontrast(images: Tensor, magnitude: Tensor) -> Tensor:
    low = images.amin((2, 3), keepdim=True)
    high = images.amax((2, 3), keepdim=True)
    flat = high <= low
    return torch.where(flat, images, (images - low) * 255 / (high - low).masked_fill(flat, 1))


def equalize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Flatten the histogram of every channel of every image."""
    batch, channels, height, width = images.shape
    levels = images.round().long().view(batch * channels, -1)
    counts = torch.zeros(batch * channels, 256, dtype=torch.long, device=images.device)
    counts.scatter_add_(1, levels, torch.ones_like(levels))
    rank = counts.cumsum(1)
    lowest = torch.where(counts > 0, rank, height * width + 1).amin(1, keepdim=True)
    span = (height * width - lowest).clamp(min=1)
    table = ((rank - lowest).clamp(min=0) * 255 / span).round()
    table = torch.where(lowest >= height * width, torch.arange(256.0, device=rank.device), table)
    return table.gather(1, levels).view(batch, channels, height, width).to(images.dtype)


def affine(images: Tensor, labels: Tensor, matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Sample images (bilinear, zero outside) and labels (nearest, ignore outside) at ``matrices``.

    ``matrices`` float [B,2,3] map output to input pixels about the image's centre.
    """
    batch, _, height, width = images.shape
    scale = images.new_tensor([width / 2, height / 2])
    theta = matrices.to(images).clone()
    theta[:, :, 2] /= scale
    theta[:, 0, 1] *= scale[1] / scale[0]
    theta[:, 1, 0] *= scale[0] / scale[1]
    grid = F.affine_grid(theta, [batch, 1, height, width], align_corners=False)
    moved = F.grid_sample(images, grid, align_corners=False)
    # labels are shifted by one so that the zero outside can be told from class 0
    shifted = (labels.to(images.dtype) + 1).unsqueeze(1)
    taken = F.grid_sample(shifted, grid, mode="nearest", align_corners=False).squeeze(1) - 1
    return moved, torch.where(taken < 0, IGNORE, taken).round().to(torch.uint8)
