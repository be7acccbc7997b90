"""Imagenette below ``imagenette_160/SPLIT/WNID``, with the names of the classes in classes.txt."""

from pathlib import Path

import numpy as np

from trainstudy.data.decoding import in_order
from trainstudy.data.layout import IMAGES
from trainstudy.multitask.data import letterbox
from trainstudy.multitask.data._set import TaskSet

FOLDER = "imagenette_160"


def load(folder: Path, split: str, size: int) -> TaskSet:
    """One split. Raises ValueError naming the file or folder that is missing or not expected."""
    classes = read_classes(folder / "classes.txt")
    above = folder / split
    there = {path.name for path in above.glob("*") if path.is_dir()}
    for name in sorted(there ^ classes.keys()):
        what = "is not in classes.txt" if name in there else "no such folder of a class"
        raise ValueError(f"{above / name}: {what}")
    found = [
        (path, index)
        for index, name in enumerate(classes)
        for path in sorted((above / name).iterdir())
        if path.suffix.lower() in IMAGES
    ]
    labels = np.array([index for _, index in found], np.int64)
    for empty in set(range(len(classes))) - set(labels.tolist()):
        raise ValueError(f"{above / list(classes)[empty]}: holds no images")
    images = list(in_order(letterbox.read, [path for path, _ in found]))
    return TaskSet(
        "cls",
        f"{FOLDER}/{split}",
        tuple(classes.values()),
        images=np.stack([letterbox.image(image, size) for image in images]),
        sizes=np.array([image.shape[:2] for image in images]),
        scales=np.array([letterbox.scale(image.shape, size) for image in images]),
        names=tuple(f"{path.parent.name}/{path.stem}" for path, _ in found),
        labels=labels,
    )


def read_classes(path: Path) -> dict[str, str]:
    """``{folder: name}`` of lines "n01440764 tench", in their order, which numbers the classes."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error
    classes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        folder, _, name = line.strip().partition(" ")
        if not name or folder in classes:
            raise ValueError(f"{path}:{number}: {line!r}; expected a folder of its own and a name")
        classes[folder] = name
    if not classes:
        raise ValueError(f"{path}: names no class")
    return classes
