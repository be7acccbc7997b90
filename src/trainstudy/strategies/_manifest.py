"""Strategies whose images were generated beforehand and are listed by a manifest."""

import warnings
from pathlib import Path
from typing import Any

from trainstudy.data import generated
from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.strategies._strategy import Strategy


class FromManifest(Strategy):
    """The images of the parameter ``manifest``, half of all images as in the published study.

    What tells two such trainings apart is the images, by their fingerprint, not the strategy's
    name.
    """

    ratio = 0.5
    reads_manifest = True

    def __init__(self, name: str) -> None:
        self.name = name

    def effective(self) -> dict[str, Any]:
        return {"ratio": self.ratio}

    def generate(self, train: SegmentationSet, seed: int, manifest: Path | None) -> SegmentationSet:
        """The images that :meth:`read` finds."""
        return self.read(train, manifest).images

    def read(self, train: SegmentationSet, manifest: Path | None) -> generated.Generated:
        """The manifest's sound images; a warning counts the rows that were left out, and those of
        other data sets that name a training image.

        Raises ValueError where no manifest is given, and as ``data.generated.read`` does.
        """
        if manifest is None:
            raise ValueError(
                f"parameter 'manifest': strategy {self.name} reads generated images; give the path "
                "of its manifest.csv"
            )
        found = generated.read(manifest, train)
        if found.report.problems or found.report.namesakes:
            warnings.warn(str(found.report), stacklevel=2)
        return found
