"""A manifest of generated images, read and checked row by row."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from trainstudy.data.decoding import in_order
from trainstudy.data.generated.labelled import labelled, room
from trainstudy.data.generated.originals import Originals
from trainstudy.data.generated.pixels import decode
from trainstudy.data.generated.report import ManifestError, Problem, Report, UnsoundError
from trainstudy.data.generated.rows import find
from trainstudy.data.segmentation_set import SegmentationSet

TOLERATED = 0.05
"""Share of the training images' rows that may be unsound before the manifest is refused."""


@dataclass(frozen=True, eq=False)
class Generated:
    """Generated images with the labels of their originals, and what became of the rows."""

    images: SegmentationSet
    report: Report


def read(manifest: Path, train: SegmentationSet) -> Generated:
    """The images of a manifest that were made from images of ``train``, in the manifest's order.

    Sound rows are used and the others reported. Raises FileNotFoundError where there is no
    manifest, ValueError where it is no table with its columns, ManifestError where no row is sound
    or more than ``TOLERATED`` of them are not.
    """
    found = find(manifest, Originals(train))
    rows = found.rows
    height, width = train.images.shape[1:3]
    images = room((len(rows), height, width, 3))

    def load(place: int) -> Problem | None:
        row = rows[place]
        try:
            images[place] = decode(row.file, (width, height), row.source)
            if np.array_equal(images[place], train.images[row.original]):
                raise UnsoundError("equal to its original", "nothing was generated")
        except UnsoundError as fault:
            return row.problem(fault)
        return None

    loaded = in_order(load, range(len(rows)))
    faults = list(tqdm(loaded, f"reading {manifest.name}", len(rows), delay=2))
    sound = [place for place, fault in enumerate(faults) if fault is None]
    problems = [*found.problems, *(fault for fault in faults if fault is not None)]
    used = [rows[place] for place in sound]
    report = Report(
        manifest,
        used=len(used),
        originals=len({row.original for row in used}),
        training=len(train),
        others=dict(found.others),
        namesakes=found.namesakes,
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )
    if not used:
        raise ManifestError(report, "No generated image can be used")
    if report.unsound > TOLERATED:
        share = f"{report.unsound:.0%} of its images are unsound, more than {TOLERATED:.0%}"
        raise ManifestError(report, share)
    for place, old in enumerate(sound):  # in place: a copy could be more than the memory holds
        images[place] = images[old]
    name = f"{train.name}+{manifest.resolve().parent.name}"
    domains = [row.domain for row in used]
    originals = [row.original for row in used]
    return Generated(labelled(name, train, originals, images[: len(used)], domains), report)
