"""Image and label files as arrays of the working size."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.labels import LabelError, Labels
from trainstudy.data.layout import Item, Problem

WORKERS = min(8, os.cpu_count() or 1)  # threads: decoding and resizing leave the interpreter free
# what Pillow raises for damaged files, and for those that might fill the memory
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)

T = TypeVar("T")
R = TypeVar("R")


class Pair(NamedTuple):
    """``image`` RGB uint8 [h,w,3], ``label`` uint8 [h,w] in classes, and their size on disk."""

    image: NDArray[np.uint8]
    label: NDArray[np.uint8]
    original: tuple[int, int]


def decode(item: Item, labels: Labels, size: tuple[int, int]) -> Pair | list[Problem]:
    """An image and its label brought to ``size`` (height, width), or what is wrong with them.

    Images are averaged over areas where they shrink and interpolated bilinearly where they grow;
    of labels the nearest pixel is taken, so that no id arises that was not there.
    """
    problems = []
    try:
        with Image.open(item.image) as opened:
            if opened.mode.startswith(("I", "F")):  # converting would cut its values off
                raise ValueError(f"mode {opened.mode}, an image has eight bits a channel")
            image = np.asarray(opened.convert("RGB"))
    except UNREADABLE as error:
        problems.append(Problem(item.image, f"cannot be read: {error}"))
    try:
        ids = labels.read(item.label)
    except LabelError as error:
        problems.append(Problem(item.label, str(error)))
    except UNREADABLE as error:
        problems.append(Problem(item.label, f"cannot be read: {error}"))
    if problems:
        return problems
    height, width = image.shape[:2]
    if ids.size != (width, height):
        found = "{}x{}".format(*ids.size)
        return [Problem(item.label, f"is {found} pixels, its image {width}x{height}")]
    shrinks = size[0] <= height and size[1] <= width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = ids.resize(size[::-1], Image.Resampling.NEAREST)
    return Pair(
        cv2.resize(image, size[::-1], interpolation=how), labels.classes(small), (height, width)
    )


def in_order(work: Callable[[T], R], inputs: Iterable[T], workers: int = WORKERS) -> Iterator[R]:
    """``work`` of every input, done by threads; only a few results wait to be taken at any time."""
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[R]] = deque()
        for one in inputs:
            waiting.append(pool.submit(work, one))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
