"""Top-1 accuracy."""

from collections.abc import Sequence

import numpy as np

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.metrics._count import check


def top1_score(predictions: Sequence[int], dataset: TaskSet) -> dict[str, float]:
    """``top1``: the share of images whose predicted class [N] is the right one, in percent.

    Raises ValueError where there is not one prediction an image.
    """
    check(predictions, dataset, "cls")
    return {"top1": 100 * float(np.mean(np.asarray(predictions) == dataset.labels))}
