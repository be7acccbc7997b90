"""What training images go through: scale, place and flip, then colours, all batched on the device.

Every number is drawn on the host, one generator an image. Images, labels and boxes of a batch are
then moved at once, without the host waiting for the device.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.data.resample import Axis, colour, resample
from trainstudy.multitask.data._set import IGNORE
from trainstudy.multitask.data.letterbox import PADDING
from trainstudy.multitask.data.store import Samples
from trainstudy.strategies.std_photometric_distort import distort, distortion
from trainstudy.training.upload import upload

SCALES = (0.5, 2.0)  # seg and det; at 1 the input's square just fills the output's
AREAS, RATIOS = (0.35, 1.0), (3 / 4, 4 / 3)  # cls: share of the image, and its width to height
KEPT = 0.25  # of a box's area; boxes of which less is left are no longer there
LEAST = 2.0  # pixels, the shorter side of what is left of a box


Floats = NDArray[np.float64]


class Window(NamedTuple):
    """The part of the input that becomes the output, in input pixels; it may reach beyond it."""

    left: float
    top: float
    width: float
    height: float
    flip: bool


def augment(
    task: str,
    samples: Samples,
    extents: NDArray[np.int64],
    size: int,
    draws: Sequence[np.random.Generator],
) -> Samples:
    """Samples of ``size`` pixels square; ``extents`` [B,2] are height and width of the images
    within their squares.

    Segmentation and detection: scaled by a factor from ``SCALES``, put at any place where the image
    fits into the output, or fills it. Classification: a part of the image, by ``AREAS`` and
    ``RATIOS``, fills the output (the random resized crop of Szegedy et al. 2015, with larger
    parts). All: flipped half of the time; colours as in Liu et al. (SSD, 2016). Images are sampled
    bilinearly without smoothing, labels by the nearest pixel; outside, pixels have the mean colour
    and label 255. Boxes are clipped; those of which too little is left get the label -1.
    """
    side = samples.images.shape[-1]
    place = _part if task == "cls" else _placed
    windows = np.array(
        [
            place(draw, (int(height), int(width)), side)
            for draw, (height, width) in zip(draws, extents, strict=True)
        ]
    )
    left, top, width, height, flip = windows.T
    down = _axis(size, top, height, extents[:, 0])
    across = _axis(size, left, width, extents[:, 1]).flipped(flip > 0)
    pixels = samples.labels if task == "seg" else None
    moved, taken, inside = resample(samples.images, pixels, down, across)
    drawn = upload(np.concatenate([windows, [distortion(draw) for draw in draws]], 1), moved)
    coloured = distort(moved, drawn[:, 5:]).round()
    padding = colour(PADDING, moved.device)
    images = torch.where(inside[:, None], coloured, padding).to(torch.uint8)

    labels, boxes = samples.labels, samples.boxes
    if taken is not None:
        labels = torch.where(inside, taken, IGNORE)
    if boxes is not None:
        corner, extent, flipped = drawn[:, None, :5].split_with_sizes((2, 2, 1), -1)
        moved_boxes = (boxes - corner.repeat(1, 1, 2)) * (size / extent.repeat(1, 1, 2))
        labels, boxes = _visible(labels, moved_boxes, flipped[..., 0] > 0, size)
    return Samples(images, labels, boxes)


def _placed(draw: np.random.Generator, extent: tuple[int, int], side: int) -> Window:
    """A square window that lies in the image, or has it in it, along each side."""
    length = side / draw.uniform(*SCALES)
    rooms = [inner - length for inner in extent]
    top, left = (draw.uniform(min(room, 0), max(room, 0)) for room in rooms)
    return Window(left, top, length, length, bool(draw.random() < 0.5))


def _part(draw: np.random.Generator, extent: tuple[int, int], side: int) -> Window:
    """A window in the image, by its share of the area and its ratio, cut where it is too long."""
    area = draw.uniform(*AREAS) * extent[0] * extent[1]
    ratio = np.exp(draw.uniform(*np.log(RATIOS)))
    height, width = min(extent[0], np.sqrt(area / ratio)), min(extent[1], np.sqrt(area * ratio))
    top, left = draw.uniform(0, extent[0] - height), draw.uniform(0, extent[1] - width)
    return Window(left, top, width, height, bool(draw.random() < 0.5))


def _axis(count: int, first: Floats, length: Floats, end: NDArray[np.int64]) -> Axis:
    """Where the centres of ``count`` pixels that share a window's side lie in the image; those
    beyond it are at its outermost pixel."""
    steps = (np.arange(count) + 0.5) / count
    positions = first[:, None] + steps * length[:, None]
    inside = (positions >= 0) & (positions < end[:, None])
    return Axis(np.clip(positions, 0.5, end[:, None] - 0.5).astype(np.float32), inside)


def _visible(labels: Tensor, boxes: Tensor, flipped: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Flipped and clipped boxes [B,M,4], with the label -1 where too little is left."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    x1, x2 = torch.where(flipped, size - x2, x1), torch.where(flipped, size - x1, x2)
    whole = (x2 - x1) * (y2 - y1)
    x1, y1, x2, y2 = (line.clamp(0, size) for line in (x1, y1, x2, y2))
    wide, high = x2 - x1, y2 - y1
    seen = (wide * high >= KEPT * whole) & (torch.minimum(wide, high) >= LEAST) & (labels >= 0)
    boxes = torch.stack([x1, y1, x2, y2], dim=-1)
    return torch.where(seen, labels, -1), torch.where(seen[..., None], boxes, 0.0)
