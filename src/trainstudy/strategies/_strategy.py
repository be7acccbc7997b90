"""What a strategy may do: augment every batch, or give a set of generated images to mix in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from torch import Tensor

from trainstudy.data.segmentation_set import SegmentationSet


class Augmented(NamedTuple):
    """``images`` uint8 [B,3,h,w] and their ``labels`` uint8 [B,h,w].

    Where an image is a mixture of K, labels are [B,K,h,w] and ``weights`` float [B,K] the share of
    each in the loss.
    """

    images: Tensor
    labels: Tensor
    weights: Tensor | None = None


class Strategy:
    """The strategy that does nothing; others override what they do.

    ``ratio`` is the share of generated images in a batch; ``reads_manifest`` says that they were
    made beforehand and are listed by a manifest.
    """

    ratio: float = 0.0
    reads_manifest: bool = False

    def effective(self) -> dict[str, Any]:
        """The settings that change what a training sees; two equal ones are the same strategy."""
        return {}

    def generate(
        self, train: SegmentationSet, seed: int, manifest: Path | None
    ) -> SegmentationSet | None:
        """Generated images with the labels of their originals, or None.

        ``manifest`` lists images generated beforehand, where a strategy reads them; raises
        ValueError where one is given in vain.
        """
        if manifest is not None:
            raise ValueError(
                f"parameter 'manifest': {manifest} would not be read, this strategy uses no "
                "generated images"
            )
        return None

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> Augmented:
        """Cropped ``images`` uint8 [B,3,h,w] with ``labels`` uint8 [B,h,w], augmented.

        One generator an image, to be drawn from on the host: a device never has to be waited for.
        """
        return Augmented(images, labels)
