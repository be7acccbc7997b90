"""What a strategy may do: augment every batch, or give a set of generated images to mix in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from trainstudy.data.segmentation_set import SegmentationSet


class Strategy:
    """The strategy that does nothing; others override what they do.

    ``ratio`` is the share of generated images in a batch.
    """

    ratio: float = 0.0

    def effective(self) -> dict[str, Any]:
        """The settings that change what a training sees; two equal ones are the same strategy."""
        return {}

    def generate(self, train: SegmentationSet, seed: int) -> SegmentationSet | None:
        """Generated images with the labels of their originals, or None."""
        return None

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> tuple[Tensor, Tensor]:
        """Augmented ``images`` uint8 [B,3,H,W], ``labels`` uint8 [B,H,W]; a generator an image."""
        return images, labels
