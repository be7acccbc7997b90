"""The loss of boxes and their classes, anchor-free."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from trainstudy.multitask.boxes import giou
from trainstudy.multitask.decode import STRIDES, read
from trainstudy.multitask.losses._kinds import GAMMA, check
from trainstudy.multitask.losses.assignment import assign

BOX, QUALITY = 2.0, 0.5  # weights beside the class loss; TOOD's for boxes
BALANCE = 0.25  # alpha of the focal loss, for what is there
RARITY = 0.75  # alpha of the varifocal loss, for what is not


def quality_focal(logits: Tensor, target: Tensor) -> Tensor:
    """Li et al., "Generalized focal loss" (2020), equation 2, as TOOD uses it."""
    return (target - logits.sigmoid()).abs() ** GAMMA * _bce(logits, target)


def varifocal(logits: Tensor, target: Tensor) -> Tensor:
    """Zhang et al., "VarifocalNet" (2021), equation 2."""
    absent = RARITY * logits.sigmoid() ** GAMMA
    return torch.where(target > 0, target, absent) * _bce(logits, target)


def hard_focal(logits: Tensor, target: Tensor) -> Tensor:
    """Lin et al., "Focal loss for dense object detection" (2017), equation 5: target 1 or 0."""
    there = target > 0
    balance = torch.where(there, BALANCE, 1 - BALANCE)
    hard = there.to(logits.dtype)
    return balance * (hard - logits.sigmoid()).abs() ** GAMMA * _bce(logits, hard)


def _bce(logits: Tensor, target: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, target, reduction="none")


KINDS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "quality_focal": quality_focal,
    "varifocal": varifocal,
    "focal": hard_focal,
    "bce": _bce,
}


def detection_loss(
    maps: Sequence[Tensor],
    boxes: Tensor,
    labels: Tensor,
    kind: str = "quality_focal",
    strides: Sequence[int] = STRIDES,
) -> Tensor:
    """Class, box (GIoU) and quality loss of maps [B,4+1+C,h,w], form as in :mod:`..decode`.

    Padded boxes [B,M,4] in pixels with labels int64 [B,M], -1 where there is none: boxes around
    crowds belong there too. M is at least 1. ``kind`` is the class loss. Each part is normalised by
    the sum of its weights, at least 1, so that an image without boxes counts but does not explode.
    Raises ValueError for another kind or another number of maps than strides.
    """
    check("detection", kind, KINDS)
    dense = read(maps, strides)
    scores = dense.classes.detach().sigmoid()
    assigned = assign(dense.points, dense.boxes.detach(), scores, boxes, labels, min(strides))
    weight = assigned.alignment
    total = weight.sum().clamp(min=1)

    classes = torch.arange(scores.shape[2], device=labels.device)
    own = labels.gather(1, assigned.box)[..., None] == classes
    target = own * weight[..., None]
    number = (weight > 0).sum().clamp(min=1)
    classified = KINDS[kind](dense.classes, target).sum() / (number if kind == "focal" else total)

    true = boxes.gather(1, assigned.box[..., None].expand(-1, -1, 4))
    placed = ((1 - giou(dense.boxes, true)) * weight).sum() / total
    judged = (_bce(dense.quality, assigned.overlap) * (weight > 0)).sum() / number
    return classified + BOX * placed + QUALITY * judged
