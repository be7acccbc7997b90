"""The losses of the three tasks: scalars without host waits, so that a step can be captured."""

from trainstudy.multitask.losses.classification import classification_loss
from trainstudy.multitask.losses.detection import detection_loss
from trainstudy.multitask.losses.segmentation import segmentation_loss

__all__ = ["classification_loss", "detection_loss", "segmentation_loss"]
