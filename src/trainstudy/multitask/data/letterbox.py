"""Image files as RGB pixels, and images of any shape on squares of one size."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.decoding import UNREADABLE

PADDING = (124, 116, 104)  # RGB: ImageNet's mean, next to nothing once normalised


def read(path: Path) -> NDArray[np.uint8]:
    """RGB [h,w,3]; grey images repeat their channel. Raises ValueError naming the file."""
    try:
        with Image.open(path) as opened:
            if opened.mode.startswith(("I", "F")):  # converting would cut its values off
                raise ValueError(f"mode {opened.mode}, an image has eight bits a channel")
            return np.asarray(opened.convert("RGB"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such image") from None
    except UNREADABLE as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error


def scale(shape: tuple[int, ...], size: int) -> float:
    """By how much an image of ``shape`` (height, width, ...) is scaled to just fit a square."""
    return size / max(shape[:2])


def image(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """[size,size,3]: averaged over areas where it shrinks, bilinear where it grows.

    Sides are rounded to whole pixels: places are off by half a pixel at most.
    """
    how = cv2.INTER_AREA if scale(pixels.shape, size) < 1 else cv2.INTER_LINEAR
    square = np.empty((size, size, 3), np.uint8)
    square[:] = PADDING
    _paste(square, pixels, how)
    return square


def label(classes: NDArray[np.uint8], size: int, rest: int) -> NDArray[np.uint8]:
    """[size,size] by the nearest pixel, so that no class arises that was not there."""
    square = np.full((size, size), rest, np.uint8)
    _paste(square, classes, cv2.INTER_NEAREST_EXACT)
    return square


def _paste(square: NDArray[np.uint8], pixels: NDArray[np.uint8], how: int) -> None:
    factor = scale(pixels.shape, len(square))
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    square[:height, :width] = cv2.resize(pixels, (width, height), interpolation=how)
