"""Strategies that draw their images over the training images, at the start of a training."""

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from trainstudy.data.generated.labelled import labelled, room
from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.strategies._strategy import Strategy

Image = NDArray[np.uint8]
Painter = Callable[[Image, int, int], Image]


class Drawn(Strategy):
    """Every training image once in every domain, with the label of its original.

    Half of all images are drawn ones, as in the published study.
    """

    ratio = 0.5

    def painters(self) -> Mapping[str, Painter]:
        """By domain: what makes of an RGB image uint8 [H,W,3], a seed and the image's number the
        image in that domain."""
        raise NotImplementedError

    def effective(self) -> dict[str, Any]:
        return {"ratio": self.ratio}

    def generate(self, train: SegmentationSet, seed: int, manifest: Path | None) -> SegmentationSet:
        if manifest is not None:
            raise ValueError(
                f"parameter 'manifest': {manifest} would not be read, this strategy draws its own "
                "images; leave it out, or choose a strategy that reads generated images"
            )
        painters = self.painters()
        pairs = list(product(range(len(train)), painters))
        images = room((len(pairs), *train.images.shape[1:]))
        for place, (index, domain) in enumerate(tqdm(pairs, "drawing images", delay=2)):
            images[place] = painters[domain](train.images[index], seed, index)
        originals, domains = zip(*pairs, strict=True)
        return labelled(f"{train.name}+drawn", train, originals, images, domains)
