"""The chapter that trains several tasks: the stages of a training, its scores, its predictions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book import show
from trainstudy.book.images import colour, gallery
from trainstudy.book.show import Html, table
from trainstudy.figures.forgetting import forgetting_curves
from trainstudy.multitask import data, ways
from trainstudy.multitask.evaluate import load_network
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.run import StageRun, load_splits
from trainstudy.multitask.scores import predict
from trainstudy.runs.chains import Chain, scores
from trainstudy.runs.record import CHECKPOINTS
from trainstudy.tasks import TASKS
from trainstudy.training.checkpoint import paths

SHOWN = 0.3  # score from which a box is drawn


def plan(parameters: TrainMultitask) -> Html:
    """The stages, parents first, and how long each is."""
    splits = load_splits(parameters.data_root, parameters.size)
    rows = []
    for stage in parameters.stages:
        run = StageRun(parameters, stage, splits)
        length = ways.iterations(stage, run.epoch)
        rows.append(
            {
                "stage": stage.name,
                "tasks": ", ".join(stage.tasks),
                "parent": stage.parent,
                "remedies": run.remedies or None,
                "iterations": length,
                "schedule": parameters.spanning(length),
            }
        )
    heads = {
        "stage": "Stage", "tasks": "Trains", "parent": "Starts from", "remedies": "Remedies",
        "iterations": "Iterations", "schedule": "Schedule",
    }  # fmt: skip
    return table(pd.DataFrame(rows), heads, sortable=False)


def history(parameters: TrainMultitask, folders: Sequence[Path]) -> Html:
    """The scores of all tasks over the stages of one training."""
    names = [stage.name for stage in parameters.stages]
    chain = Chain(parameters.order, parameters.seed, tuple(zip(names, folders, strict=True)))
    found = scores([chain])
    return show.figure(
        forgetting_curves,
        found[found["split"] == "val"],
        METRICS,
        alt="Validation scores of the three tasks over the stages of the training.",
        caption="Dotted lines: ends of stages; tinted: the task is being trained.",
    )


def predictions(folder: Path, data_root: str | None = None, count: int = 3) -> Html:
    """What a run's last network says of some validation images of each task."""
    network, inputs = load_network(paths(folder / CHECKPOINTS)[-1])
    rows, names = [], []
    for task in TASKS:
        dataset = data.load(task, data_root, inputs["size"]).val
        chosen = np.linspace(0, len(dataset) - 1, count).astype(int)
        found = predict(network, dataset)
        rows.append([_drawn(dataset, int(place), found[place]) for place in chosen])
        names.append(f"{task}: {dataset.name}")
    alt = "Validation images with what the network predicts"
    return gallery(rows, [""] * count, alt, names)


def _drawn(dataset: data.TaskSet, place: int, found: Any) -> NDArray[np.uint8]:
    """One image with the prediction of its task drawn in."""
    height, width = dataset.extents[place]
    image = dataset.images[place][:height, :width].copy()
    if dataset.task == "seg":
        classes = colour(
            cv2.resize(found, (int(width), int(height)), interpolation=0), dataset.classes
        )
        shown = np.where(classes.any(-1, keepdims=True), image // 2 + classes // 2, image)
        return np.asarray(shown, np.uint8)
    if dataset.task == "cls":
        right = int(found) == int(dataset.labels[place])
        edge = (0, 158, 115) if right else (213, 94, 0)
        bordered = cv2.copyMakeBorder(image, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=edge)
        return np.asarray(bordered, np.uint8)
    for box, score, _ in zip(*(part.tolist() for part in found), strict=True):
        if score >= SHOWN:
            left, top, right, bottom = (round(side) for side in box)
            cv2.rectangle(image, (left, top), (right, bottom), (230, 159, 0), 2)
    return np.asarray(image, np.uint8)
