"""Random scale, crop and flip: what every training image goes through, whatever the strategy."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from trainstudy.training.upload import upload

SCALES = (0.5, 2.0)
PADDING = (124, 116, 104)  # RGB: ImageNet's mean, next to nothing once normalised


def random_crop(
    images: Tensor, labels: Tensor, size: tuple[int, int], draws: Sequence[np.random.Generator]
) -> tuple[Tensor, Tensor]:
    """Crops [B,3,h,w] and [B,h,w] of uint8 images [B,3,H,W] and labels [B,H,W].

    Each image is scaled by a factor drawn from ``SCALES``, cropped where the scaled image allows,
    and flipped half of the time; one generator an image. Where the scaled image is smaller than
    the crop, pixels of the mean colour labelled 255 fill the rest. Sampling is bilinear without
    smoothing, as in mmsegmentation's RandomResize, RandomCrop and RandomFlip, and done once for
    all three.
    """
    height, width = labels.shape[-2:]
    drawn = [_window(draw, (height, width), size) for draw in draws]
    scaled_height, scaled_width, top, left, flip = upload(drawn, images).unbind(1)
    y, inside_y = _positions(size[0], height, scaled_height, top)
    x, inside_x = _positions(size[1], width, scaled_width, left)
    flipped = flip[:, None] > 0
    x = torch.where(flipped, x.flip(1), x)
    inside = inside_y[:, :, None] & torch.where(flipped, inside_x.flip(1), inside_x)[:, None, :]

    across, down = (x / width * 2 - 1)[:, None, :], (y / height * 2 - 1)[:, :, None]
    shape = (-1, *size)
    grid = torch.stack([across.expand(shape), down.expand(shape)], dim=-1)
    sampled = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    nearest = y.long().clamp_(max=height - 1)[:, :, None] * width
    nearest = nearest + x.long().clamp_(max=width - 1)[:, None, :]
    chosen = labels.flatten(1).gather(1, nearest.flatten(1)).view(-1, *size)
    padding = upload(PADDING, images).view(3, 1, 1)
    return (
        torch.where(inside[:, None], sampled.round(), padding).to(torch.uint8),
        torch.where(inside, chosen, 255),
    )


def _window(
    draw: np.random.Generator, image: tuple[int, int], crop: tuple[int, int]
) -> tuple[int, int, int, int, bool]:
    """Height and width of the scaled image, top and left of the crop in it, and the flip."""
    factor = draw.uniform(*SCALES)
    height, width = (max(1, round(length * factor)) for length in image)
    top = int(draw.integers(max(0, height - crop[0]) + 1))
    left = int(draw.integers(max(0, width - crop[1]) + 1))
    return height, width, top, left, bool(draw.random() < 0.5)


def _positions(count: int, length: int, scaled: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
    """Where the pixels of a crop's side lie in the image, [B,count] in pixels from its border, and
    whether they lie in the scaled image at all."""
    pixels = first[:, None] + torch.arange(count, device=first.device)
    position = (pixels + 0.5) * (length / scaled[:, None])
    return position.clamp(max=length), pixels < scaled[:, None]
