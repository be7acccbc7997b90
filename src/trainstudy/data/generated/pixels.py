"""One generated image, decoded and brought to the size of the training images."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.decoding import UNREADABLE
from trainstudy.data.generated.report import UnsoundError

MODES = frozenset(("1", "L", "LA", "P", "RGB", "RGBA"))
"""Pixel formats that become RGB without a change of scale; 16 bits a channel are not among them."""


def decode(file: Path, size: tuple[int, int], original: Path) -> NDArray[np.uint8]:
    """RGB uint8 [H,W,3] at ``size`` (width, height).

    Of another size it must have the aspect ratio, to a pixel, of the training image, or of the
    original file, which may have been brought to its training size with another ratio; it is then
    resized as the training images were (``data.decoding``). Raises UnsoundError.
    """
    try:
        with Image.open(file) as image:
            if image.mode not in MODES:
                raise UnsoundError("unreadable file", f"its pixels are {image.mode}, not 8-bit RGB")
            if not _alike(image.size, size) and not _alike(image.size, _size(original)):
                found, wanted = ("x".join(map(str, sides)) for sides in (image.size, size))
                raise UnsoundError("wrong size", f"{found}, its original {wanted}")
            colours = np.asarray(image.convert("RGB"))
    except UNREADABLE as error:
        raise UnsoundError("unreadable file", str(error)) from error
    height, width = colours.shape[:2]
    if (width, height) == size:
        return colours
    shrinks = size[0] <= width and size[1] <= height
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(colours, size, interpolation=how), np.uint8)


def _alike(size: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Whether an aspect ratio is another's, but for rounding to whole pixels."""
    (width, height), (wide, high) = size, wanted
    return wide > 0 and abs(width * high - height * wide) <= max(wide, high)


def _size(file: Path) -> tuple[int, int]:
    """Width and height of an image file from its header; nothing where it cannot be read."""
    try:
        with Image.open(file) as image:
            return image.size
    except UNREADABLE:
        return (0, 0)
