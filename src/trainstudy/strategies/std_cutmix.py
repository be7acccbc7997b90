"""CutMix: a box of every image is replaced by the same box of another, labels included.

Source: Yun et al., "CutMix" (2019), as on ImageNet: always, the box's share of the area uniform
(Beta(1, 1)), its centre uniform in the image, its corners clipped to it. As French et al.,
"Semi-supervised semantic segmentation needs strong, varied perturbations" (2020), each pixel keeps
its own label, where classification mixes labels by area.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainstudy.strategies._partners import partners
from trainstudy.strategies._strategy import Augmented, Strategy
from trainstudy.training.upload import upload

ALPHA = 1.0


class CutMix(Strategy):
    """One box an image; a batch of one has nothing to paste and stays as it is."""

    def effective(self) -> dict[str, Any]:
        return {"cutmix": {"alpha": ALPHA}}

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> Augmented:
        if len(draws) == 1:
            return Augmented(images, labels)
        height, width = labels.shape[1:]
        other = upload(partners(draws), images, torch.long)
        drawn = upload([box(draw, height, width) for draw in draws], images)
        top, bottom, left, right = drawn.view(-1, 4, 1, 1).unbind(1)
        y = torch.arange(height, device=images.device)[:, None]
        x = torch.arange(width, device=images.device)
        inside = (top <= y) & (y < bottom) & (left <= x) & (x < right)
        return Augmented(
            torch.where(inside[:, None], images[other], images),
            torch.where(inside, labels[other], labels),
        )


def box(draw: np.random.Generator, height: int, width: int) -> tuple[int, int, int, int]:
    """First and last row, first and last column, the last ones excluded."""
    side = np.sqrt(draw.beta(ALPHA, ALPHA))  # of the box, as a share of the image's
    top, bottom = _interval(draw, height, side)
    left, right = _interval(draw, width, side)
    return top, bottom, left, right


def _interval(draw: np.random.Generator, length: int, share: float) -> tuple[int, int]:
    half = int(length * share) // 2
    centre = int(draw.integers(length))
    return max(centre - half, 0), min(centre + half, length)


STRATEGY = CutMix()
