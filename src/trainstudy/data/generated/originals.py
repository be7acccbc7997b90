"""Which training image a generated one was made from."""

import re
from collections import defaultdict
from pathlib import PurePosixPath, PureWindowsPath

from trainstudy.data.generated.report import UnsoundError
from trainstudy.data.segmentation_set import SegmentationSet

SUFFIXES = frozenset((".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"))
HELD_OUT = frozenset(("val", "valid", "validation", "test", "testing"))
SPLITS = HELD_OUT | {"train", "training"}


def parts(path: str) -> tuple[str, ...]:
    """The parts of a path of either system below its root or drive."""
    pure = PureWindowsPath(path) if "\\" in path else PurePosixPath(path)
    return pure.parts[bool(pure.anchor) :]


class Originals:
    """The training images, and those that were left out of training, by their paths."""

    def __init__(self, train: SegmentationSet) -> None:
        self._dataset = _key(train.name.partition("/")[0])
        self._folders: list[tuple[str, ...]] = []
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._training = len(train)
        for index, name in enumerate((*train.names, *train.left_out)):
            folders, stem = _split(name)
            self._folders.append(folders)
            self._by_stem[stem].append(index)

    def of_other(self, dataset: str) -> bool:
        """Whether a data set's name is another one's; ``IDD-AW_ad`` and ``iddaw`` are one."""
        name = _key(dataset)
        return name not in ("", "unknown") and not (
            name.startswith(self._dataset) or self._dataset.startswith(name)
        )

    def has(self, path: str) -> bool:
        """Whether :meth:`find` finds the training image that ``path`` means."""
        try:
            self.find(path)
        except UnsoundError:
            return False
        return True

    def find(self, path: str) -> int:
        """The number of the training image that ``path`` means.

        The name of a training image may hold folders: those that end the path decide, else a file
        name that only one image has. Raises UnsoundError where the path is none of a training
        image, may be that of one which was left out, or lies in a folder of held-out images and
        only its file name is known.
        """
        folders, stem = _split(path)
        alike = self._by_stem.get(stem, [])
        whole = [i for i in alike if self._ends(folders, i)]
        split = next((part for part in reversed(folders) if part.lower() in SPLITS), "")
        # a training image's own folders say which it is, and what is above them nothing; of a bare
        # file name there may be one in every split
        if split.lower() in HELD_OUT and not any(self._folders[i] for i in whole):
            raise UnsoundError("held-out original", f"{path} lies in {split!r}")
        found = whole or alike
        if not found:
            raise UnsoundError("unknown original", f"{path} is no training image")
        if all(i >= self._training for i in found):
            raise UnsoundError("held-out original", f"{path} was left out of training")
        if len(found) > 1:
            raise UnsoundError("ambiguous original", f"{path} may be {len(found)} images")
        return found[0]

    def in_full(self, path: str, original: int) -> bool:
        """Whether ``path`` ends with the whole name of a training image, its folders too."""
        return self._ends(_split(path)[0], original)

    def _ends(self, folders: tuple[str, ...], image: int) -> bool:
        own = self._folders[image]
        return folders[len(folders) - len(own) :] == own


def _split(path: str) -> tuple[tuple[str, ...], str]:
    *folders, name = parts(path) or ("",)
    stem, dot, suffix = name.rpartition(".")
    return tuple(folders), stem if f"{dot}{suffix}".lower() in SUFFIXES else name


def _key(dataset: str) -> str:
    return re.sub("[^a-z0-9]", "", dataset.lower())
