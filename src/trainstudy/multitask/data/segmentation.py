"""PASCAL VOC 2012 segmentation below ``mini_voc_seg/SPLIT/{images,masks}``."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.decoding import UNREADABLE, in_order
from trainstudy.data.layout import IMAGES
from trainstudy.multitask.data import letterbox
from trainstudy.multitask.data._set import IGNORE, TaskSet

FOLDER = "mini_voc_seg"
CLASSES = (
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
    "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
    "train", "tvmonitor",
)  # fmt: skip


def load(folder: Path, split: str, size: int) -> TaskSet:
    """One split. Raises ValueError naming the first file that is missing or not as it should be."""
    above = folder / split
    paths = sorted(p for p in (above / "images").glob("*") if p.suffix.lower() in IMAGES)
    if not paths:
        raise ValueError(f"{above / 'images'}: holds no images")
    images = list(in_order(letterbox.read, paths))
    masks = list(in_order(read_mask, [above / "masks" / f"{path.stem}.png" for path in paths]))
    for path, image, mask in zip(paths, images, masks, strict=True):
        if image.shape[:2] != mask.shape:
            wanted, found = ("{1}x{0}".format(*part.shape) for part in (image, mask))
            raise ValueError(f"{path}: is {wanted} pixels, its mask {found}")
    return TaskSet(
        "seg",
        f"{FOLDER}/{split}",
        CLASSES,
        images=np.stack([letterbox.image(image, size) for image in images]),
        sizes=np.array([mask.shape for mask in masks]),
        scales=np.array([letterbox.scale(mask.shape, size) for mask in masks]),
        names=tuple(path.stem for path in paths),
        labels=np.stack([letterbox.label(mask, size, IGNORE) for mask in masks]),
        originals=tuple(masks),
    )


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Classes and 255, [h,w], of a palette PNG or one with a byte a pixel.

    Raises ValueError naming the file. Converting a palette to grey would destroy the ids.
    """
    try:
        with Image.open(path) as opened:
            mode, mask = opened.mode, np.asarray(opened)  # of a palette the ids, not the colours
    except FileNotFoundError:
        raise ValueError(f"{path}: no such mask") from None
    except UNREADABLE as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error
    if mode not in ("P", "L"):
        raise ValueError(f"{path}: is of mode {mode}; a mask holds ids, in a palette or one byte")
    found = np.unique(mask)
    if (wrong := found[(found >= len(CLASSES)) & (found != IGNORE)]).size:
        some = ", ".join(map(str, wrong[:8]))
        hint = "; was a palette converted to grey?" if mode == "L" else ""
        raise ValueError(f"{path}: holds ids {some}; accepted: 0..20 and 255{hint}")
    return mask
