"""The loss of one class a pixel."""

import torch
import torch.nn.functional as F
from torch import Tensor

from trainstudy.multitask.losses._kinds import check, focal

IGNORE = 255
KINDS = ("ce", "ce_dice", "focal")


def segmentation_loss(
    logits: Tensor, labels: Tensor, kind: str = "ce", smoothing: float = 0.0
) -> Tensor:
    """Mean over the labelled pixels of logits [B,C,h,w] against labels uint8 [B,h,w], 255 = ignore.

    "ce": cross-entropy, with label smoothing if asked for; "ce_dice": the same plus the Dice loss,
    to which small classes are worth as much as large ones; "focal": the focal loss, which knows no
    smoothing. 0 where no pixel is labelled. Raises ValueError for another kind.
    """
    check("segmentation", kind, KINDS)
    logits, target = logits.float(), labels.long()
    labelled = target != IGNORE
    # the mean of cross_entropy itself is 0/0 where nothing is labelled
    each = F.cross_entropy(
        logits,
        target,
        ignore_index=IGNORE,
        reduction="none",
        label_smoothing=0.0 if kind == "focal" else smoothing,
    )
    each = focal(each) if kind == "focal" else each
    loss = each.sum() / labelled.sum().clamp(min=1)
    return loss + dice_loss(logits, target, labelled) if kind == "ce_dice" else loss


def dice_loss(logits: Tensor, target: Tensor, labelled: Tensor) -> Tensor:
    """One minus the Dice coefficient over the batch, mean over the classes labelled in it.

    logits [B,C,h,w], target int64 [B,h,w], and which of its pixels count [B,h,w]. Source:
    Milletari et al., "V-Net" (2016), section 3 (squares in the denominator).
    """
    mask = labelled[:, None]
    probability = logits.softmax(1) * mask
    classes = torch.arange(logits.shape[1], device=logits.device)[:, None, None]
    truth = (target[:, None] == classes) & mask
    shared = (probability * truth).sum((0, 2, 3))
    size = truth.sum((0, 2, 3))
    loss = 1 - 2 * shared / ((probability**2).sum((0, 2, 3)) + size).clamp(min=1)
    present = size > 0
    return (loss * present).sum() / present.sum().clamp(min=1)
