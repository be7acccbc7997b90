"""Random scale, crop and flip: what every training image goes through, whatever the strategy."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.data.resample import Axis, colour, resample

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
    drawn = np.array([_window(draw, (height, width), size) for draw in draws])
    scaled_height, scaled_width, top, left, flip = drawn.T
    down = _axis(size[0], height, scaled_height, top)
    across = _axis(size[1], width, scaled_width, left).flipped(flip > 0)
    moved, chosen, inside = resample(images, labels, down, across)
    assert chosen is not None
    cut = torch.where(inside[:, None], moved.round(), colour(PADDING, images.device))
    return cut.to(torch.uint8), torch.where(inside, chosen, 255)


def _window(
    draw: np.random.Generator, image: tuple[int, int], crop: tuple[int, int]
) -> tuple[int, int, int, int, bool]:
    """Height and width of the scaled image, top and left of the crop in it, and the flip."""
    factor = draw.uniform(*SCALES)
    height, width = (max(1, round(length * factor)) for length in image)
    top = int(draw.integers(max(0, height - crop[0]) + 1))
    left = int(draw.integers(max(0, width - crop[1]) + 1))
    return height, width, top, left, bool(draw.random() < 0.5)


def _axis(count: int, length: int, scaled: NDArray[np.int64], first: NDArray[np.int64]) -> Axis:
    """Where the ``count`` pixels of a crop's side lie in the image of ``length`` pixels."""
    pixels = first[:, None] + np.arange(count)
    positions = (pixels + 0.5) * (length / scaled[:, None])
    return Axis(positions.astype(np.float32), pixels < scaled[:, None])
