"""PASCAL VOC 2012 segmentation below ``mini_voc_seg/SPLIT/{images,masks}``."""

from pathlib import Path
from typing import Any

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
_ids, _bits = np.arange(256)[:, None], np.arange(3)
# VOC's palette [256,3]: the bits of an id, lowest first, go to red, green and blue in turn, and
# there to the highest bit that is free
COLOURS = np.sum([(_ids >> (3 * turn + _bits) & 1) << (7 - turn) for turn in range(3)], axis=0)


def load(folder: Path, split: str, size: int) -> TaskSet:
    """One split. Raises ValueError naming the first file that is missing or not as it should be."""
    above = folder / split
    paths = sorted(p for p in (above / "images").glob("*") if p.suffix.lower() in IMAGES)
    if not paths:
        raise ValueError(f"{above / 'images'}: holds no images")
    _check_pairs(above, {path.stem for path in paths})
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

    Raises ValueError naming the file. Converting a palette to grey would destroy the ids, and so
    does giving the mask a palette of its own, which shows in the colours.
    """
    try:
        with Image.open(path) as opened:
            mode, palette = opened.mode, opened.getpalette()
            mask = np.asarray(opened)  # of a palette the ids, not the colours
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
    if palette is not None:
        _check_colours(path, found, np.reshape(palette, (-1, 3)))
    return mask


def _check_pairs(above: Path, images: set[str]) -> None:
    """A mask is no file to pass over: the image that it is of was lost, or has another ending."""
    for mask in sorted((above / "masks").glob("*.png")):
        if mask.stem not in images:
            endings = ", ".join(sorted(IMAGES))
            raise ValueError(f"{mask}: has no image in {above / 'images'}; accepted: {endings}")


def _check_colours(path: Path, ids: NDArray[np.uint8], palette: NDArray[Any]) -> None:
    """Only the colours of the ids that the mask holds: a palette may end with the last of them."""
    for number in ids.tolist():
        colour, wanted = palette[number : number + 1].tolist(), COLOURS[number].tolist()
        grey = [number] * 3  # of a mask without a palette that was given one
        if colour not in ([wanted], [grey]):
            raise ValueError(
                f"{path}: its palette has {colour[0] if colour else 'no colour'} for id {number}, "
                f"VOC's {wanted}; was the mask given other ids?"
            )
