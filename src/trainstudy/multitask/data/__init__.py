"""The data of the multi-task study: three small real sets, and scenes drawn by the package."""

import os
from pathlib import Path

from trainstudy.data.layout import DATA_ROOT
from trainstudy.multitask.data import classification, detection, segmentation, splits, synthetic
from trainstudy.multitask.data._set import IGNORE, Splits, TaskSet
from trainstudy.tasks import TASKS

__all__ = ["IGNORE", "SYNTHETIC", "Splits", "TaskSet", "load"]

SYNTHETIC = "synthetic"
READERS = {
    "seg": (segmentation.FOLDER, segmentation.load),
    "det": (detection.FOLDER, detection.load),
    "cls": (classification.FOLDER, classification.load),
}


def load(task: str, root: str | None, size: int) -> Splits:
    """Train and val of a task ("seg", "det" or "cls") on squares of ``size`` pixels; test lazily.

    ``root`` holds the three minis, itself or below ``mini/`` (default: the environment's
    TRAINSTUDY_DATA_ROOT), or is "synthetic" for scenes drawn by the package. Raises ValueError
    naming the parameter and what is accepted, the faulty file, or the set without a label;
    FileNotFoundError naming the folder that is not there.
    """
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}; accepted: {', '.join(TASKS)}")
    if size < 16:
        raise ValueError(f"size={size}: accepted are whole numbers of pixels from 16")
    if root == SYNTHETIC:
        return synthetic.load(task, size)
    name, read = READERS[task]
    folder = _find(name, root)

    def labelled(split: str) -> TaskSet:
        dataset = read(folder, split, size)
        splits.check_labelled(dataset)
        return dataset

    train, val = labelled("train"), labelled("val")
    splits.check(train, val)

    def test() -> TaskSet:
        dataset = labelled("test")
        for other in (train, val):
            splits.check(other, dataset)
        return dataset

    return Splits(train, val, test)


def _find(name: str, root: str | None) -> Path:
    given = root or os.environ.get(DATA_ROOT)
    if not given:
        raise FileNotFoundError(
            f"{name} is read from disk: set data_root, or the environment variable {DATA_ROOT}, to "
            f"the folder that holds mini/{name}/, or data_root to {SYNTHETIC!r}"
        )
    above = Path(given).expanduser()
    for folder in (above / "mini" / name, above / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"data_root={given!r}: there is no {above / 'mini' / name}")
