"""Predictions of a whole set, or none."""

from collections.abc import Sized

from trainstudy.multitask.data import TaskSet


def check(predictions: Sized, dataset: TaskSet, task: str) -> None:
    """Raises ValueError unless there is one prediction an image of a set of this task."""
    if dataset.task != task:
        raise ValueError(f"{dataset.name} is a set of {dataset.task!r}, not of {task!r}")
    if len(predictions) != len(dataset) or not len(dataset):
        raise ValueError(
            f"{len(predictions)} predictions for the {len(dataset)} images of {dataset.name}"
        )
