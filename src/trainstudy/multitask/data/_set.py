"""One split of one task, in memory, and the fingerprint of what it holds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainstudy.tasks import TASKS

IGNORE = 255


@dataclass(frozen=True, eq=False)
class TaskSet:
    """Images with the labels of one task: "seg", "det" or "cls".

    Every image is scaled to fit a square of S pixels, its top left in the square's; the rest has
    ImageNet's mean colour. Raises ValueError, naming the set, where the parts do not fit together.
    """

    task: str
    name: str
    """Data set and split, e.g. ``mini_voc_seg/train``."""
    classes: tuple[str, ...]
    images: NDArray[np.uint8]
    """[N,S,S,3], RGB."""
    sizes: NDArray[np.int64]
    """[N,2], height and width of the originals."""
    scales: NDArray[np.float64]
    """[N], pixels of the square an original pixel."""
    names: tuple[str, ...]
    labels: NDArray[Any]
    """Classes. seg: uint8 [N,S,S], 255 = ignore, as is the rest of the square; cls: int64 [N];
    det: int64 [N,M], -1 where there is no box."""
    boxes: NDArray[np.float32] | None = None
    """det: [N,M,4], x1, y1, x2, y2 in pixels of the square, zeros where there is no box."""
    crowd: NDArray[np.bool_] | None = None
    """det: [N,M], boxes around groups, which are neither found nor missed."""
    category_ids: tuple[int, ...] = ()
    """det: the data set's own number of every class."""
    originals: tuple[NDArray[np.uint8], ...] = ()
    """seg: the labels [h,w] of every image at its original size, where scores are taken."""

    def __post_init__(self) -> None:
        count, side = len(self.images), self.images.shape[1]
        shape = {
            "seg": (count, side, side),
            "det": (count, self.labels.shape[-1]),
            "cls": (count,),
        }.get(self.task)
        if shape is None:
            raise ValueError(f"{self.name}: task {self.task!r}; accepted: {', '.join(TASKS)}")
        found: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
            "images": (self.images.shape, (count, side, side, 3)),
            "labels": (self.labels.shape, shape),
            "sizes": (self.sizes.shape, (count, 2)),
            "scales": (self.scales.shape, (count,)),
            "names": ((len(self.names),), (count,)),
            "originals": ((len(self.originals),), (count if self.task == "seg" else 0,)),
        }
        if self.task == "det":
            found["boxes"] = (getattr(self.boxes, "shape", ()), (*shape, 4))
            found["crowd"] = (getattr(self.crowd, "shape", ()), shape)
            found["category_ids"] = ((len(self.category_ids),), (len(self.classes),))
        for part, (has, wanted) in found.items():
            if has != wanted:
                raise ValueError(f"{self.name}: {part} of shape {has}; expected {wanted}")
        if repeated := len(self.names) - len(set(self.names)):
            raise ValueError(f"{self.name}: {repeated} images have the name of another")

    def __len__(self) -> int:
        return len(self.images)

    @property
    def extents(self) -> NDArray[np.int64]:
        """[N,2], height and width of the images within their squares."""
        return np.rint(self.sizes * self.scales[:, None]).clip(1).astype(np.int64)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that a training and its scores depend on, in hex.

        Neither the set's name nor the images' names are part of it.
        """
        parts = (self.images, self.sizes, self.scales, self.labels, self.boxes, self.crowd)
        arrays: list[NDArray[Any]] = [p for p in (*parts, *self.originals) if p is not None]
        shapes = [(part.shape, str(part.dtype)) for part in arrays]
        digest = hashlib.sha256(repr((self.task, self.classes, self.category_ids, shapes)).encode())
        for part in arrays:
            digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Splits:
    """The splits of one task. Selection is not testing: ``test()`` reads the third when asked."""

    train: TaskSet
    val: TaskSet
    test: Callable[[], TaskSet]
