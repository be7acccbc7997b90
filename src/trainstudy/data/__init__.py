"""Data sets by name or description: ``streets`` drawn here, the others read from disk."""

import os
from pathlib import Path

from trainstudy.data import camvid, contents
from trainstudy.data.contents import DryRun
from trainstudy.data.description import SHIPPED
from trainstudy.data.folders import Folder, describe
from trainstudy.data.layout import DATA_ROOT, DataError, NoTestSetError
from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet
from trainstudy.runs import aliases

__all__ = [
    "DATASETS", "DataError", "DryRun", "NoTestSetError", "SegmentationData", "SegmentationSet",
    "check", "dry_run", "known", "load", "load_test",
]  # fmt: skip

DATASETS = ("camvid", "streets", "streets-new_town", "streets-old_town", *SHIPPED)
"""Accepted names. ``streets`` holds both cities."""


def known(dataset: str) -> str:
    """The data set that a name, its alias or the path of a description (.yaml) stands for.

    Raises ValueError naming the accepted ones, or the file and key of a faulty description.
    """
    by_alias = {aliases.dataset(name): name for name in SHIPPED}
    name = dataset if dataset in DATASETS else by_alias.get(aliases.dataset(dataset), dataset)
    if name in DATASETS:
        return name
    if not name.endswith((".yaml", ".yml")):
        accepted = ", ".join(DATASETS)
        raise ValueError(f"unknown dataset; accepted: {accepted}, or a description (.yaml)")
    try:
        describe(name)
    except FileNotFoundError as error:
        raise ValueError(str(error)) from None
    return name


def check(dataset: str, data_root: str | None) -> None:
    """Raise ValueError or FileNotFoundError where :func:`load` could not start; reads no image."""
    _open(dataset, data_root)


def load(dataset: str, data_root: str | None = None) -> SegmentationData:
    """The training and validation sets of a data set.

    ``data_root`` (default: the environment's TRAINSTUDY_DATA_ROOT) holds the sets that are read
    from disk. Raises ValueError naming the accepted data sets, FileNotFoundError naming the folder,
    DataError naming the files that are not as described.
    """
    source = _open(dataset, data_root)
    if isinstance(source, Folder):
        return source.load()
    if isinstance(source, Path):
        return camvid.load(source)

    from trainstudy.data import synthetic

    return synthetic.load(source)


def load_test(dataset: str, data_root: str | None = None) -> SegmentationSet:
    """The test set, for final figures alone. Raises as :func:`load`; NoTestSetError without one."""
    source = _open(dataset, data_root)
    if isinstance(source, Folder):
        return source.load_test()
    if isinstance(source, Path):
        return camvid.subset(source, "test_day", "test_dusk")
    raise NoTestSetError(f"dataset {dataset!r} has no test set")


def dry_run(dataset: str, data_root: str | None = None) -> DryRun:
    """What :func:`load` would give, and everything that is wrong with it, as tables."""
    source = _open(dataset, data_root)
    if isinstance(source, Folder):
        return contents.of_folder(source)
    return contents.of_sets(load(dataset, data_root))


def _open(dataset: str, data_root: str | None) -> Folder | Path | tuple[str, ...]:
    """A described folder, CamVid's folder, or the cities to draw."""
    name = known(dataset)
    if name == "camvid":
        return _below(data_root, "camvid")
    if name in SHIPPED or name not in DATASETS:
        return Folder.open(name, data_root)

    from trainstudy.data import synthetic

    return synthetic.CITIES if name == "streets" else (name.removeprefix("streets-"),)


def _below(data_root: str | None, name: str) -> Path:
    root = data_root or os.environ.get(DATA_ROOT)
    if not root:
        raise FileNotFoundError(
            f"dataset {name!r} is read from disk: set data_root, or the environment variable "
            f"{DATA_ROOT}, to the folder that holds {name}/"
        )
    above = Path(root).expanduser()
    for folder in (above / name, above):  # the root, or the data set's own folder
        if (folder / "manifest.csv").is_file():
            return folder
    raise FileNotFoundError(f"data_root={root!r}: there is no {above / name / 'manifest.csv'}")
