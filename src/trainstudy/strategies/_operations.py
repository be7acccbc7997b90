"""Image operations of the AutoAugment family on batches, each image with its own magnitude.

Images are float [B,3,H,W] in 0..255 and stay there, magnitudes float [B]. Constants are Python
numbers: a constant tensor would have to be copied to the device, and the host would wait for it.
Definitions: Cubuk et al., "AutoAugment" (2019), table 6.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

IGNORE = 255


def _grey(images: Tensor) -> Tensor:
    red, green, blue = images.unbind(1)
    return (0.299 * red + 0.587 * green + 0.114 * blue).unsqueeze(1)  # ITU-R 601


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
    """Blend with the image smoothed by 3x3 weights of 1 around 5."""
    box = F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return _blend((9 * box + 4 * images) / 13, images, 1 + magnitude)


def posterize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Keep ``magnitude`` (1..8) bits of every channel."""
    step = 2 ** (8 - magnitude.round()).view(-1, 1, 1, 1)
    return (images / step).floor() * step


def solarize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Invert what is at least ``magnitude`` bright."""
    return torch.where(images >= magnitude.view(-1, 1, 1, 1), 255 - images, images)


def invert(images: Tensor, magnitude: Tensor) -> Tensor:
    return 255 - images


def autocontrast(images: Tensor, magnitude: Tensor) -> Tensor:
    low = images.amin((2, 3), keepdim=True)
    high = images.amax((2, 3), keepdim=True)
    flat = high <= low
    stretched = (images - low) * 255 / (high - low).masked_fill(flat, 1)
    return torch.where(flat, images, stretched.clamp(0, 255))


def equalize(images: Tensor, magnitude: Tensor) -> Tensor:
    """Flatten the histogram of every channel of every image."""
    batch, channels, height, width = images.shape
    levels = images.round().long().view(batch * channels, -1)
    counts = _histograms(levels)
    rank = counts.cumsum(1)
    lowest = torch.where(counts > 0, rank, height * width + 1).amin(1, keepdim=True)
    span = (height * width - lowest).clamp(min=1)
    table = ((rank - lowest).clamp(min=0) * 255 / span).round()
    table = torch.where(lowest >= height * width, torch.arange(256.0, device=rank.device), table)
    return table.gather(1, levels).view(batch, channels, height, width).to(images.dtype)


def _histograms(levels: Tensor) -> Tensor:
    """Counts [N,256] of rows of levels [N,P].

    Neighbouring pixels count into different copies: on a GPU, all counting into the few levels of a
    sky wait for each other.
    """
    copies = 64 if levels.is_cuda else 1
    slots = torch.arange(levels.shape[1], device=levels.device) % copies * 256
    counts = torch.zeros(len(levels), copies * 256, dtype=torch.long, device=levels.device)
    counts.scatter_add_(1, levels + slots, torch.ones_like(levels))
    return counts.view(len(levels), copies, 256).sum(1)


def affine(images: Tensor, labels: Tensor, matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Sample images (bilinear, zero outside) and labels (nearest, ignore outside) at ``matrices``.

    ``matrices`` float [B,2,3] map output to input pixels about the image's centre.
    """
    batch, _, height, width = images.shape
    theta = matrices.clone()  # in units of half the width and half the height
    theta[:, 0, 1] *= height / width
    theta[:, 1, 0] *= width / height
    theta[:, 0, 2] *= 2 / width
    theta[:, 1, 2] *= 2 / height
    grid = F.affine_grid(theta, [batch, 1, height, width], align_corners=False)
    moved = F.grid_sample(images, grid, align_corners=False)
    # labels are shifted by one so that the zero outside can be told from class 0
    shifted = (labels.to(images.dtype) + 1).unsqueeze(1)
    taken = F.grid_sample(shifted, grid, mode="nearest", align_corners=False).squeeze(1) - 1
    return moved, torch.where(taken < 0, IGNORE, taken).round().to(torch.uint8)
