"""Images and labels of a batch, taken at other positions: each axis by itself, found on the host.

A batch is a few hundred positions an axis but millions of pixels. What can be said of an axis is
said in numpy, so that a GPU is given few and large kernels, and the host launches few.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.training.upload import upload

OUTSIDE = -(1 << 40)  # below 0 whatever is added to it


class Axis(NamedTuple):
    """Where the n places along one axis of every image come from."""

    positions: NDArray[np.float32]
    """[B,n], in pixels from the border of the image, whose first pixel reaches from 0 to 1."""
    inside: NDArray[np.bool_]
    """[B,n], whether there is anything to be taken at all."""

    def flipped(self, which: NDArray[np.bool_]) -> "Axis":
        """The other way round in the images ``which`` [B]."""
        turned = which[:, None]
        return Axis(*(np.where(turned, part[:, ::-1], part) for part in self))


class Resampled(NamedTuple):
    """``images`` float [B,3,h,w], bilinear; ``labels`` [B,h,w] of the nearest pixel, or None;
    ``inside`` bool [B,h,w]. Beyond the border both are those of the outermost pixel."""

    images: Tensor
    labels: Tensor | None
    inside: Tensor


def resample(images: Tensor, labels: Tensor | None, down: Axis, across: Axis) -> Resampled:
    """What lies at ``down`` times ``across`` in images uint8 [B,3,H,W] and labels [B,H,W].

    Without smoothing, as in mmsegmentation's RandomResize. The host does not wait for the device.
    """
    height, width = images.shape[-2:]
    lengths = [down.positions.shape[1], across.positions.shape[1]]
    axes = (down, height, width), (across, width, 1)
    places = np.concatenate([axis.positions / size * 2 - 1 for axis, size, _ in axes], 1)
    y, x = upload(places, images).split_with_sizes(lengths, 1)
    steps = [
        np.where(axis.inside, np.clip(axis.positions, 0, size - 1).astype(np.int64) * step, OUTSIDE)
        for axis, size, step in axes
    ]
    offsets = upload(np.concatenate(steps, 1), images, torch.int64)
    rows, columns = offsets.split_with_sizes(lengths, 1)
    nearest = rows[:, :, None] + columns[:, None, :]

    shape = (-1, *lengths)
    grid = torch.stack([x[:, None, :].expand(shape), y[:, :, None].expand(shape)], dim=-1)
    moved = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    taken = None
    if labels is not None:
        taken = labels.flatten(1).gather(1, nearest.clamp(min=0).flatten(1)).view(shape)
    return Resampled(moved, taken, nearest >= 0)


@cache
def colour(values: Sequence[int], device: torch.device) -> Tensor:
    """A colour [3,1,1] on a device, made once."""
    return upload(values, torch.empty(0, device=device)).view(3, 1, 1)
