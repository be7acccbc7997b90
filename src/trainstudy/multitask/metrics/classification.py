"""Top-1 accuracy."""

from collections.abc import Sequence

import numpy as np

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.metrics._count import check


def top1_score(predictions: Sequence[int], dataset: TaskSet) -> dict[str, float]:
    """``top1``: the share of images whose predicted class [N] is the right one, in percent.

    Raises ValueError where there is not one prediction an image, or one is no single class.
    """
    check(predictions, dataset, "cls")
    predicted = np.asarray(predictions)
    if predicted.shape != dataset.labels.shape:  # [N,1] and [N] would be compared as [N,N]
        raise ValueError(
            f"{dataset.name}: predictions of shape {predicted.shape}; "
            f"expected {dataset.labels.shape}, a class an image"
        )
    return {"top1": 100 * float(np.mean(predicted == dataset.labels))}
