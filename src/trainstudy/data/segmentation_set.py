"""A labelled set of images, in memory or mapped from disk, and the fingerprint of what it holds."""

import hashlib
from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SegmentationSet:
    """``images`` uint8 [N,H,W,3] (RGB), ``labels`` uint8 [N,H,W] (class or 255 = ignore).

    ``names`` and ``domains`` give one text an image; ``left_out`` are the names of images that lie
    beside a training set's own and are no part of it. Raises ValueError, naming the set, where the
    parts do not fit together or a label is neither a class nor 255. ``checked`` is the fingerprint
    of content whose labels were examined before, so that large sets are not read at every start;
    ``dataclasses.replace`` forgets it.
    """

    name: str
    classes: tuple[str, ...]
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    names: tuple[str, ...]
    domains: tuple[str, ...]
    left_out: tuple[str, ...] = field(default=(), kw_only=True)
    checked: InitVar[str | None] = None

    def __post_init__(self, checked: str | None) -> None:
        count = len(self.images)
        if not count == len(self.labels) == len(self.names) == len(self.domains):
            raise ValueError(
                f"{self.name}: {count} images, {len(self.labels)} labels, "
                f"{len(self.names)} names, {len(self.domains)} domains"
            )
        if self.images.shape[1:] != (*self.labels.shape[1:], 3):
            raise ValueError(
                f"{self.name}: images {self.images.shape} do not fit labels {self.labels.shape}"
            )
        if checked is not None:
            self.__dict__["fingerprint"] = checked
            return
        for index, label in enumerate(self.labels):
            found = np.unique(label)
            wrong = found[(found >= len(self.classes)) & (found != 255)]
            if wrong.size:
                raise ValueError(
                    f"{self.name}: {self.names[index]} holds label {wrong[0]}; "
                    f"accepted: 0..{len(self.classes) - 1} and 255"
                )

    def __len__(self) -> int:
        return len(self.images)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the pixels, labels, classes and order: what a training depends on.

        Neither the set's name nor the images' file names, nor what is left out, are part of it.
        """
        parts = (np.ascontiguousarray(part).data for part in (self.images, self.labels))
        return fingerprint(self.classes, self.images.shape, parts)


def fingerprint(
    classes: tuple[str, ...], shape: tuple[int, ...], content: Iterable[bytes | memoryview]
) -> str:
    """See :attr:`SegmentationSet.fingerprint`; ``content``: the bytes of images, then of labels."""
    digest = hashlib.sha256(repr((classes, shape)).encode())
    for block in content:
        digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class SegmentationData:
    """What a run trains on and selects by; test subsets are never part of it."""

    train: SegmentationSet
    val: SegmentationSet
    crop: tuple[int, int]
    """Height and width of training crops where none is asked for."""
