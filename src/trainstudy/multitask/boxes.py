"""Boxes [...,4] as x1, y1, x2, y2 in pixels: overlap, and suppression of what is found twice."""

import torch
from torch import Tensor

TINY = 1e-7  # pixels squared: two boxes without area overlap by 0, and have gradients


def area(boxes: Tensor) -> Tensor:
    """[...]; 0 for a box whose corners are in the wrong order."""
    return _area(boxes[..., :2], boxes[..., 2:])


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of boxes whose shapes broadcast, so [N,1,4] and [M,4] give [N,M]."""
    return _overlap(a, b)[0]


def giou(a: Tensor, b: Tensor) -> Tensor:
    """Generalised IoU in -1..1: less than 0 the farther apart two boxes are.

    Source: Rezatofighi et al., "Generalized intersection over union" (2019), algorithm 1.
    """
    overlap, union = _overlap(a, b)
    corners = torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])
    hull = _area(*corners).clamp(min=TINY)
    return overlap - (hull - union) / hull


def nms(boxes: Tensor, labels: Tensor, threshold: float) -> Tensor:
    """Which boxes [...,K] stay: those that overlap no better one of their class that stays.

    Boxes [...,K,4] come best first, with their classes [...,K]. What the usual loop over boxes
    gives, for all images at once: from "all stay", every round settles at least one more box of
    every chain of overlaps. Waits for the device. Source: Zheng et al., "Enhancing geometric
    factors" (2021), Cluster-NMS.
    """
    rivals = labels[..., :, None] == labels[..., None, :]
    better = (iou(boxes[..., :, None, :], boxes[..., None, :, :]) > threshold) & rivals
    better = better.triu(1)  # row: the better box; column: the one that it may suppress
    kept = torch.ones_like(labels, dtype=torch.bool)
    while True:
        again = ~(better & kept[..., :, None]).any(-2)
        if torch.equal(again, kept):
            return kept
        kept = again


def _overlap(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    corners = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = _area(*corners)
    union = (area(a) + area(b) - shared).clamp(min=TINY)
    return shared / union, union


def _area(first: Tensor, last: Tensor) -> Tensor:
    width, height = (last - first).clamp(min=0).unbind(-1)
    return width * height  # not prod, whose gradient makes the host wait for zeros
