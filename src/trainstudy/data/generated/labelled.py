"""Generated images as a labelled set, also where they are more than the memory holds."""

import errno
import math
import shutil
from collections import Counter
from collections.abc import Sequence
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from trainstudy.data.cache import CACHE, root
from trainstudy.data.segmentation_set import SegmentationSet, fingerprint

IN_MEMORY = 4 * 2**30
"""Bytes that an array may have before it is put on the disk."""


def room(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An uint8 array to be filled: in memory, or mapped from a file without a name in the cache's
    folder, which goes with the process. Raises OSError naming the folder without room for it."""
    size = math.prod(shape)
    if size <= IN_MEMORY:
        return np.empty(shape, np.uint8)
    folder = root()
    folder.mkdir(parents=True, exist_ok=True)
    if size > (free := shutil.disk_usage(folder).free):
        text = f"{size / 1e9:.1f} GB needed, {free / 1e9:.1f} GB free; {CACHE} names another folder"
        raise OSError(errno.ENOSPC, text, str(folder))
    with TemporaryFile(dir=folder) as file:
        return np.memmap(file, np.uint8, "w+", shape=shape)


def labelled(
    name: str,
    train: SegmentationSet,
    originals: Sequence[int],
    images: NDArray[np.uint8],
    domains: Sequence[str],
) -> SegmentationSet:
    """``images`` uint8 [N,H,W,3] with the labels of the training images they were made from."""
    labels = room(images.shape[:3])
    for place, original in enumerate(originals):
        labels[place] = train.labels[original]
    return SegmentationSet(
        name,
        train.classes,
        images,
        labels,
        _names(
            [f"{train.names[o]}_{domain}" for o, domain in zip(originals, domains, strict=True)]
        ),
        tuple(domains),
        # the labels were examined where they come from
        checked=fingerprint(train.classes, images.shape, (images.data, labels.data)),
    )


def _names(wanted: Sequence[str]) -> tuple[str, ...]:
    """Unique names: numbered from the second one on that is wanted twice."""
    seen: Counter[str] = Counter()
    names = []
    for name in wanted:
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names)
