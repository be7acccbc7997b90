"""Weights from validation scores: the further a task is from its reference, the more it counts."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from trainstudy.multitask.weightings._weighting import Weighting

REFERENCES = {"seg": 40.0, "det": 15.0, "cls": 85.0}  # percent: what the study asks of the tasks
NEAREST = 0.05  # the course's tolerance: a task this near, or beyond, counts as this far


class Validation(Weighting):
    """``weight_i = (distance_i / mean distance) ** 0.5`` since the last validation, before it 1.

    The distance of a task is the share of its reference (mIoU, mAP50, top-1) that it lacks. Source:
    the report, "Use validation performance for weights". That is all it says: the form, which is
    its formula for losses with the roles exchanged, and the references are our reading.
    Validation images so become a part of the training; scores on them are no longer unseen.
    Raises ValueError for a task without a reference.
    """

    sees_validations = True
    current: Tensor

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        if unknown := set(tasks) - set(REFERENCES):
            raise ValueError(
                f"no reference score for task {', '.join(sorted(unknown))}; accepted: "
                f"{', '.join(REFERENCES)}"
            )
        self.register_buffer("current", torch.ones(len(tasks)))

    def weigh(self, losses: Tensor) -> Tensor:
        return self.current.clone()

    def validated(self, scores: dict[str, float]) -> None:
        """Raises ValueError where a task has no finite score."""
        missing = [task for task in self.tasks if not math.isfinite(scores.get(task, math.nan))]
        if missing:
            raise ValueError(f"no finite validation score for task {', '.join(missing)}: {scores}")
        distances = torch.tensor([1 - scores[task] / REFERENCES[task] for task in self.tasks])
        distances = distances.clamp(min=NEAREST)
        self.current.copy_((distances / distances.mean()).sqrt())


WEIGHTING = Validation
