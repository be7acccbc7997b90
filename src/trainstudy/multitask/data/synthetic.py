"""The embedded data: scenes of coloured shapes, so that the study runs anywhere in a minute.

Every image shows one large shape, and smaller ones of any kind around it. Detection asks for the
boxes of the shapes, segmentation for their pixels, classification for the kind of the large one:
who has learned one task knows much of the others. There are half as many kinds as the real sets
have classes, so that a minute is enough.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainstudy.multitask.data import letterbox
from trainstudy.multitask.data._set import IGNORE, Splits, TaskSet
from trainstudy.multitask.data.scenes import KINDS, Scene, draw
from trainstudy.tasks import TASKS

COUNTS = {"train": 240, "val": 60, "test": 120}
CLASSES = {
    "seg": ("background", *KINDS),
    "det": KINDS,
    "cls": KINDS,
}


def load(task: str, size: int) -> Splits:
    """The splits of a task; ``size`` changes the resolution, not what the scenes show."""
    return Splits(
        _split(task, "train", size), _split(task, "val", size), lambda: _split(task, "test", size)
    )


@lru_cache(maxsize=6)  # drawn once a process: every stage asks again for what the one before had
def _split(task: str, split: str, size: int) -> TaskSet:
    # no scene serves two tasks or two splits
    seed = 3 * TASKS.index(task) + list(COUNTS).index(split)
    scenes = [draw(seed, index, size) for index in range(COUNTS[split])]
    sides = [scene.image.shape[:2] for scene in scenes]
    labels, boxes = _labels(task, scenes, size)
    return TaskSet(
        task,
        f"synthetic_{task}/{split}",
        CLASSES[task],
        images=np.stack([letterbox.image(scene.image, size) for scene in scenes]),
        sizes=np.array(sides),
        scales=np.array([letterbox.scale(side, size) for side in sides]),
        names=tuple(f"{split}_{index:04d}" for index in range(len(scenes))),
        labels=labels,
        boxes=boxes,
        crowd=None if boxes is None else np.zeros(labels.shape, np.bool_),
        category_ids=tuple(range(1, len(KINDS) + 1)) if task == "det" else (),
        originals=tuple(scene.mask for scene in scenes) if task == "seg" else (),
    )


def _labels(
    task: str, scenes: list[Scene], size: int
) -> tuple[NDArray[Any], NDArray[np.float32] | None]:
    """The labels and boxes of a :class:`TaskSet`."""
    if task == "seg":
        return np.stack([letterbox.label(scene.mask, size, IGNORE) for scene in scenes]), None
    if task == "cls":
        return np.array([scene.kinds[0] for scene in scenes]), None
    most = max(len(scene.kinds) for scene in scenes)
    labels = np.full((len(scenes), most), -1, np.int64)
    boxes = np.zeros((len(scenes), most, 4), np.float32)
    for place, scene in enumerate(scenes):
        labels[place, : len(scene.kinds)] = scene.kinds
        boxes[place, : len(scene.kinds)] = scene.boxes
    return labels, boxes
