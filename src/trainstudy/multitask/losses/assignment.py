"""Which locations answer for which true box: task-aligned assignment.

A location's alignment with a box is ``score ** ALPHA * overlap ** BETA``, of the score it gives the
box's class and the overlap (IoU) of the box it predicts; the best locations inside a box are its
own. Source: Feng et al., "TOOD: Task-aligned one-stage object detection" (2021), section 3.2; from
the first step on, as in YOLOv8, where TOOD starts under another rule. Chosen for few images: no
ranges of sizes by level have to be tuned.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from trainstudy.multitask.boxes import iou

TOP = 13  # locations a box, of every level together
ALPHA, BETA = 1.0, 6.0  # powers of class score and overlap


class Assigned(NamedTuple):
    """For every location: the box [B,N] it answers for, and how well it is aligned with it [B,N].

    The alignment is 0 where a location answers for none, and for each box at its best location
    the largest overlap it has with any of its own.
    """

    box: Tensor
    alignment: Tensor
    overlap: Tensor
    """[B,N], IoU of what the location predicts with its box; 0 where it has none."""


@torch.no_grad()
def assign(
    points: Tensor, predicted: Tensor, scores: Tensor, boxes: Tensor, labels: Tensor, reach: float
) -> Assigned:
    """Assign N locations to M padded boxes in each image, without host waits.

    points [N,2]; what they predict, boxes [B,N,4] and class probabilities [B,N,C]; true boxes
    [B,M,4] with labels [B,M], -1 where there is none. Only locations inside a box may answer for
    it, and boxes with sides below ``reach`` pixels (the finest stride) count as that large here, or
    some of them would hold no location.
    """
    real = (labels >= 0)[..., None]
    inside = _inside(points, boxes, reach) & real
    overlap = iou(boxes[:, :, None], predicted[:, None])
    wanted = labels.clamp(min=0)[..., None].expand(-1, -1, scores.shape[1])
    score = scores.transpose(1, 2).gather(1, wanted)
    # -1, so that a location outside never comes before one inside without overlap
    metric = torch.where(inside, score**ALPHA * overlap**BETA, -1.0)
    best = metric.topk(min(TOP, metric.shape[2]), dim=2).indices
    mine = torch.zeros_like(inside).scatter(2, best, True) & inside
    # a location that several boxes want answers for the one it overlaps most
    box = torch.where(mine, overlap, -1.0).argmax(1, keepdim=True)
    mine &= torch.zeros_like(mine).scatter(1, box, True)
    metric, overlap = metric * mine, overlap * mine
    scale = overlap.amax(2, keepdim=True) / metric.amax(2, keepdim=True).clamp(min=1e-30)
    return Assigned(box[:, 0], (metric * scale).sum(1), overlap.sum(1))


def _inside(points: Tensor, boxes: Tensor, reach: float) -> Tensor:
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2
    half = ((boxes[..., 2:] - boxes[..., :2]) / 2).clamp(min=reach / 2)
    return ((points - centre[:, :, None]).abs() <= half[:, :, None]).all(-1)
