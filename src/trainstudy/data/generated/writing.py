"""A manifest and its images, complete or absent."""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.generated.domains import canonical
from trainstudy.data.generated.rows import COLUMNS
from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.files import sync

NAME = "manifest.csv"


def write(
    folder: Path, train: SegmentationSet, images: Iterable[tuple[int, str, NDArray[np.uint8]]]
) -> Path:
    """Write images generated from ``train`` below ``folder`` and return their manifest.

    ``images`` gives for each the number of its original, its target domain and its pixels, RGB
    uint8 [H,W,3]. Each becomes ``DOMAIN/NAME.png``, lossless; the manifest comes last and whole,
    so that an interrupted run leaves none. Raises ValueError for a second image of one original in
    one domain.
    """
    manifest = folder / NAME
    manifest.unlink(missing_ok=True)  # an old one would speak of new images
    rows: dict[str, tuple[str, ...]] = {}
    for original, target, pixels in images:
        name, domain = train.names[original], canonical(target)
        path = f"{domain}/{name}.png"
        if path in rows:
            raise ValueError(f"{folder}: {name} has two images in domain {domain!r}")
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(file, compress_level=1)
        dataset = train.name.partition("/")[0]
        rows[path] = (path, name, Path(name).name, domain, dataset, target)
    draft = folder / f".{NAME}"
    with draft.open("w", newline="", encoding="utf-8") as table:
        csv.writer(table).writerows([COLUMNS, *rows.values()])
    sync(draft)
    draft.replace(manifest)
    sync(folder)
    return manifest
