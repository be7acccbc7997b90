"""The loss of one class an image."""

import torch.nn.functional as F
from torch import Tensor

from trainstudy.multitask.losses._kinds import check, focal

KINDS = ("ce", "focal")


def classification_loss(
    logits: Tensor, labels: Tensor, smoothing: float = 0.1, kind: str = "ce"
) -> Tensor:
    """Mean over images of logits [B,C] against labels int64 [B].

    "ce": cross-entropy with label smoothing (Szegedy et al., "Rethinking the Inception
    architecture", 2016, section 7). "focal": the focal loss, which knows no smoothing.
    Raises ValueError for another kind.
    """
    check("classification", kind, KINDS)
    logits = logits.float()
    if kind == "focal":
        return focal(F.cross_entropy(logits, labels, reduction="none")).mean()
    return F.cross_entropy(logits, labels, label_smoothing=smoothing)
