"""Data sets in folders: found, decoded and checked as a description says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainstudy import paths
from trainstudy.data import cache
from trainstudy.data.cache import Scan
from trainstudy.data.description import SHIPPED, Description, Split, read
from trainstudy.data.layout import (
    DataError,
    Item,
    NoTestSetError,
    Problem,
    find,
    find_root,
    left_out,
)
from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet


def describe(dataset: str) -> Description:
    """A shipped description by its name, or one's own by its path.

    Raises FileNotFoundError naming the places it was looked for, ValueError what is wrong with it.
    """
    return read(SHIPPED.get(dataset) or paths.resolve(dataset))


@dataclass(frozen=True)
class Folder:
    """A described data set and the folder that its patterns start from."""

    description: Description
    root: Path

    @classmethod
    def open(cls, dataset: str, data_root: str | None) -> "Folder":
        """Raises ValueError or FileNotFoundError where there is no description or no image."""
        description = describe(dataset)
        beside = None if dataset in SHIPPED else paths.resolve(dataset).parent
        return cls(description, find_root(description, beside, data_root))

    def load(self) -> SegmentationData:
        """Train and val. Raises DataError with all that is wrong with either."""
        train, val = self._sound("train", "val")
        height, width = self.description.crop
        return SegmentationData(train, val, (height, width))

    def load_test(self) -> SegmentationSet:
        """The test split, for final figures. Raises DataError, and NoTestSetError without one."""
        if "test" not in self.description.splits:
            raise NoTestSetError(f"dataset {self.description.name!r} has no test set")
        return self._sound("test")[0]

    def find(self, split: Split) -> tuple[Sequence[Item], list[Problem]]:
        """The files of a split and what is wrong with them, no file opened."""
        return find(self.description, self.root, split)

    def scan(self, split: Split) -> Scan:
        """Everything there is to be said of a split, sound or not; decoded for good where it is."""
        items, problems = self.find(split)
        if not problems:
            return self._decoded(split, items)[1]
        scan = cache.scan(self.description, split, [i for i in items if i.complete])
        scan.problems = problems + scan.problems
        return scan

    def _sound(self, *splits: Split) -> list[SegmentationSet]:
        found = {split: self.find(split) for split in splits}
        # each once: what is wrong with a folder is so for both splits that are taken from it
        problems = list(dict.fromkeys(problem for _, wrong in found.values() for problem in wrong))
        sets = []
        for split, (items, _) in found.items() if not problems else ():
            dataset, scan = self._decoded(split, items)
            problems += scan.problems
            sets += [dataset] if dataset else []
        if problems:
            raise DataError(self.description.name, problems)
        return sets

    def _decoded(self, split: Split, items: Sequence[Item]) -> tuple[SegmentationSet | None, Scan]:
        beside = left_out(self.description, self.root, items) if split == "train" else ()
        dataset, scan = cache.load(self.description, split, items, beside)
        if dataset and not any(scan.pixels[:-1]):
            scan.problems.append(
                Problem(self.root, f"no pixel of {split} is labelled: all are ignored")
            )
        elif dataset and split == "train":
            scan.problems += [
                Problem(self.root, f"class {name!r} is in no training label, nor listed as absent")
                for name, count in zip(dataset.classes, scan.pixels, strict=False)
                if not count and name not in self.description.absent
            ]
        return dataset, scan
