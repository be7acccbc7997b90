"""What a training would read: images, classes, sizes and problems of a data set, as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from trainstudy.data.cache import Scan
from trainstudy.data.description import Split
from trainstudy.data.folders import Folder
from trainstudy.data.layout import Problem
from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet


@dataclass(frozen=True)
class DryRun:
    """``images``: split, domain, images. ``classes``: class, and the percentage of the labelled
    pixels it has in train and in val; the last row is what is ignored, of all pixels. ``sizes``:
    split, size (WxH), images. ``problems``: file, what."""

    images: pd.DataFrame
    classes: pd.DataFrame
    sizes: pd.DataFrame
    problems: pd.DataFrame


def of_folder(folder: Folder) -> DryRun:
    """Of a described folder: train and val are decoded, of test the files are counted."""
    domains: dict[str, list[str]] = {}
    scans: dict[str, Scan] = {}
    for split in get_args(Split):
        if split != "test" or "test" in folder.description.splits:
            items, problems = folder.find(split)
            domains[split] = [item.domain for item in items]
            scans[split] = Scan([], problems=problems) if split == "test" else folder.scan(split)
    return _tables(folder.description.classes, domains, scans)


def of_sets(sets: SegmentationData) -> DryRun:
    """Of a data set in memory, which was checked when it was loaded."""
    parts = {"train": sets.train, "val": sets.val}
    domains = {split: part.domains for split, part in parts.items()}
    return _tables(sets.train.classes, domains, {s: _scan(part) for s, part in parts.items()})


def _scan(dataset: SegmentationSet) -> Scan:
    pixels = np.sum([np.bincount(label.ravel(), minlength=256) for label in dataset.labels], axis=0)
    height, width = dataset.labels.shape[1:]
    counted = [*pixels[: len(dataset.classes)].tolist(), int(pixels[-1])]
    return Scan(counted, Counter({f"{width}x{height}": len(dataset)}))


def _tables(
    classes: Sequence[str], domains: Mapping[str, Sequence[str]], scans: Mapping[str, Scan]
) -> DryRun:
    images = [(s, d, n) for s, ds in domains.items() for d, n in sorted(Counter(ds).items())]
    sizes = [(s, size, n) for s, scan in scans.items() for size, n in scan.sizes.most_common()]
    shares = pd.DataFrame({"class": [*classes, "ignored"]})
    for split in ("train", "val"):
        counts = np.array(scans[split].pixels or [0] * len(shares), dtype=float)
        wholes = np.full(len(shares), counts[:-1].sum())
        wholes[-1] += counts[-1]
        shares[split] = 100 * counts / np.maximum(wholes, 1)
    # each once: what is wrong with a folder is so for both splits that are taken from it
    found = dict.fromkeys(problem for scan in scans.values() for problem in scan.problems)
    problems = [(str(file), what) for file, what in found]
    return DryRun(
        pd.DataFrame(images, columns=["split", "domain", "images"]),
        shares,
        pd.DataFrame(sizes, columns=["split", "size", "images"]),
        pd.DataFrame(problems, columns=list(Problem._fields)),
    )
