"""The scores of the three tasks in percent: functions of all predictions of one set at once.

None of them can be averaged over batches, so none takes a batch.
"""

from collections.abc import Callable
from typing import Any

from trainstudy.multitask.metrics.classification import top1_score
from trainstudy.multitask.metrics.detection import detection_scores
from trainstudy.multitask.metrics.segmentation import at_original_size, iou_scores

__all__ = ["SCORES", "at_original_size", "detection_scores", "iou_scores", "top1_score"]

SCORES: dict[str, Callable[..., dict[str, Any]]] = {
    "seg": iou_scores,
    "det": detection_scores,
    "cls": top1_score,
}
