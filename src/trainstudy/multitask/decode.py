"""What the detection maps of the head say: boxes, qualities and classes at every location.

A level's map [B,4+1+C,h,w] holds, for the location at the middle of each of its cells, the
distances to the left, top, right and bottom of a box in strides (not negative), the logit of its
quality and the logits of its classes: the form of Tian et al., "FCOS" (2019). The quality is the
overlap with the true box, as in Wu et al., "IoU-aware single-stage object detector" (2020), in the
place of centre-ness.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from trainstudy.multitask.boxes import nms

STRIDES = (8, 16, 32)
CANDIDATES = 1000  # an image, before suppression


class Dense(NamedTuple):
    """The N locations of all levels, finest first."""

    points: Tensor
    """[N,2], x and y in pixels."""
    boxes: Tensor
    """[B,N,4], x1, y1, x2, y2 in pixels."""
    quality: Tensor
    """[B,N], logits."""
    classes: Tensor
    """[B,N,C], logits."""


def read(maps: Sequence[Tensor], strides: Sequence[int] = STRIDES) -> Dense:
    """The maps of all levels as one list of locations, in single precision."""
    if len(maps) != len(strides):
        raise ValueError(f"{len(maps)} maps for strides {tuple(strides)}; expected one a stride")
    points, boxes, rest = [], [], []
    for level, stride in zip(maps, strides, strict=True):
        x, y = (
            (torch.arange(side, device=level.device) + 0.5) * stride
            for side in (level.shape[3], level.shape[2])
        )
        points.append(torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).flatten(0, 1))
        values = level.float().flatten(2).transpose(1, 2)
        distances = values[..., :4] * stride
        boxes.append(
            torch.cat([points[-1] - distances[..., :2], points[-1] + distances[..., 2:]], -1)
        )
        rest.append(values[..., 4:])
    logits = torch.cat(rest, 1)
    return Dense(torch.cat(points), torch.cat(boxes, 1), logits[..., 0], logits[..., 1:])


@torch.no_grad()
def decode(
    maps: Sequence[Tensor],
    strides: Sequence[int] = STRIDES,
    score: float = 0.05,
    iou: float = 0.5,
    top: int = 100,
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """What is found in each image, best first: boxes [n,4], scores [n], labels [n], n <= ``top``.

    A score is the geometric mean of the class's and the quality's probability. What scores
    ``score`` or less does not count; of two boxes of one class that overlap by more than ``iou``
    the better one stays. Waits for the device.
    """
    dense = read(maps, strides)
    scores = (dense.classes.sigmoid() * dense.quality.sigmoid()[..., None]).sqrt()
    values, cell = scores.flatten(1).topk(min(CANDIDATES, scores[0].numel()))
    most = int((values > score).sum(1).max())  # suppression takes the square of it
    values, cell = values[:, :most], cell[:, :most]
    location, label = cell // scores.shape[2], cell % scores.shape[2]
    boxes = dense.boxes.gather(1, location[..., None].expand(-1, -1, 4))
    # whatever scores too little comes after the rest, so it suppresses none of them
    kept = nms(boxes, label, iou) & (values > score)
    images = zip(boxes, values, label, kept, strict=True)
    return [(box[k][:top], value[k][:top], own[k][:top]) for box, value, own, k in images]
