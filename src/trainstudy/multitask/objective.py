"""The loss of one task from the network's outputs, in the variants that a study compares."""

from dataclasses import dataclass

from torch import Tensor

from trainstudy.multitask.data.store import Samples
from trainstudy.multitask.losses import (
    classification_loss,
    detection_loss,
    segmentation_loss,
)
from trainstudy.multitask.network import Outputs, cls_logits, det_maps, seg_logits


@dataclass(frozen=True)
class Objective:
    """The kind of each task's loss; ``smoothing`` is of the labels of seg and cls."""

    seg: str
    det: str
    cls: str
    smoothing: float

    def __call__(self, task: str, outputs: Outputs, samples: Samples) -> Tensor:
        """A scalar, the mean over the images that have the task's labels."""
        labels = samples.labels
        if task == "seg":
            height, width = labels.shape[-2:]
            logits = seg_logits(outputs, (height, width))
            return segmentation_loss(logits, labels, self.seg, self.smoothing)
        if task == "det":
            assert samples.boxes is not None
            return detection_loss(det_maps(outputs), samples.boxes, labels, self.det)
        return classification_loss(cls_logits(outputs), labels, self.smoothing, self.cls)
