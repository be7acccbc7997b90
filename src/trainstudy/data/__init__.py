"""Data sets by name: ``streets`` and its cities drawn here, the others read from a data root."""

import os
from collections.abc import Callable
from pathlib import Path

from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet

__all__ = ["DATASETS", "SegmentationData", "SegmentationSet", "check", "load"]

DATA_ROOT = "TRAINSTUDY_DATA_ROOT"

DATASETS = ("camvid", "streets", "streets-new_town", "streets-old_town")
"""Accepted names. ``streets`` holds both cities."""


def check(dataset: str, data_root: str | None) -> None:
    """Raise ValueError or FileNotFoundError where :func:`load` could not start; reads no image."""
    _loader(dataset, data_root)


def load(dataset: str, data_root: str | None = None) -> SegmentationData:
    """The training and validation sets of a data set.

    ``data_root`` (default: the environment's TRAINSTUDY_DATA_ROOT) holds the sets that are read
    from disk. Raises ValueError naming the accepted data sets, FileNotFoundError naming the folder.
    """
    return _loader(dataset, data_root)()


def _loader(dataset: str, data_root: str | None) -> Callable[[], SegmentationData]:
    if dataset not in DATASETS:
        raise ValueError(f"unknown dataset {dataset!r}; accepted: {', '.join(DATASETS)}")
    if dataset == "camvid":
        from trainstudy.data import camvid

        folder = _below(data_root, "camvid")
        return lambda: camvid.load(folder)

    from trainstudy.data import synthetic

    cities = synthetic.CITIES if dataset == "streets" else (dataset.removeprefix("streets-"),)
    return lambda: synthetic.load(cities)


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
