"""Learning without forgetting: on the new images, the old outputs stay what they were.

Source: Li and Hoiem, "Learning without forgetting" (2018), equations 2 and 3.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from pydantic import Field, PrivateAttr
from torch import Tensor

from trainstudy.multitask.boxes import giou
from trainstudy.multitask.decode import read
from trainstudy.multitask.network import Network, Outputs, cls_logits, det_maps, seg_logits
from trainstudy.multitask.remedies._remedy import Loss, Past, Remedy, Strength, teacher_of

CERTAIN = 0.05  # score from which a detection counts, as in decoding


class LwF(Remedy):
    """The network at the start of the stage teaches the outputs of each earlier task."""

    strength: Strength = 1.0
    temperature: float = Field(2.0, gt=0, allow_inf_nan=False)

    _teacher: Network | None = PrivateAttr(None)
    _tasks: tuple[str, ...] = PrivateAttr(())

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        if past.tasks:
            self._teacher, self._tasks = teacher_of(network), past.tasks

    def penalty(self, network: Network, images: Tensor, outputs: Outputs) -> Tensor | None:
        if self._teacher is None:
            return None
        with torch.no_grad():
            taught = self._teacher(images)
        parts = [LOSSES[task](outputs, taught, self.temperature) for task in self._tasks]
        return self.strength * torch.stack(parts).sum()


def segmentation(outputs: Outputs, taught: Outputs, temperature: float) -> Tensor:
    """Divergence of the class distributions, in the mean over the cells of the finest level."""
    height, width = outputs.maps[0].shape[-2:]
    size = height, width
    return _divergence(seg_logits(outputs, size), seg_logits(taught, size), temperature)


def classification(outputs: Outputs, taught: Outputs, temperature: float) -> Tensor:
    """Divergence of the class distributions, in the mean over the images."""
    return _divergence(cls_logits(outputs), cls_logits(taught), temperature)


def detection(outputs: Outputs, taught: Outputs, temperature: float) -> Tensor:
    """The teacher's class probabilities everywhere, its boxes and qualities where it detects.

    Divergences of single probabilities, and 1 - GIoU of boxes; normalised as the detection loss is,
    by the sum of the teacher's scores, at least 1. No temperature: these probabilities are
    independent and mostly near 0, and softened ones would be of the background.
    """
    own, old = read(det_maps(outputs)), read(det_maps(taught))
    score = (old.classes.sigmoid().amax(-1) * old.quality.sigmoid()).sqrt()
    weight = score * (score > CERTAIN)
    boxes = 1 - giou(own.boxes, old.boxes) + _binary_divergence(own.quality, old.quality)
    total = _binary_divergence(own.classes, old.classes).sum() + (weight * boxes).sum()
    return total / weight.sum().clamp(min=1)


def _divergence(own: Tensor, old: Tensor, temperature: float) -> Tensor:
    """Kullback-Leibler, times T^2 so that its gradient does not shrink with T (Hinton, Vinyals and
    Dean 2015); its gradient is that of the paper's cross-entropy. Classes are dimension 1."""
    own, old = ((logits / temperature).log_softmax(1) for logits in (own, old))
    return F.kl_div(own, old, reduction="none", log_target=True).sum(1).mean() * temperature**2


def _binary_divergence(own: Tensor, old: Tensor) -> Tensor:
    probability = old.sigmoid()
    crossed, entropy = (
        F.binary_cross_entropy_with_logits(logits, probability, reduction="none")
        for logits in (own, old)
    )
    return crossed - entropy


LOSSES: dict[str, Callable[[Outputs, Outputs, float], Tensor]] = {
    "seg": segmentation, "det": detection, "cls": classification,
}  # fmt: skip
REMEDY = LwF
