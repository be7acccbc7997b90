"""The neck: one feature pyramid over the backbone's levels.

Source: Lin, Dollár, Girshick, He, Hariharan and Belongie, "Feature pyramid networks for object
detection" (2017), figure 3; no coarser levels are added.
"""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

GROUPS = 32  # of group norm, in the neck and the head


class FeaturePyramid(nn.Module):
    """Levels of ``width`` channels from levels of ``channels`` channels, both finest first.

    Group norm after every convolution: it knows no other image of the batch, so that batches of
    one task at a time leave no statistics behind.
    """

    def __init__(self, channels: Sequence[int], width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(convolution(before, width, 1) for before in channels)
        self.output = nn.ModuleList(convolution(width, width, 3) for _ in channels)

    def forward(self, features: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """[B,width,h,w] of every level from features [B,c,h,w]."""
        merged = [layer(feature) for layer, feature in zip(self.lateral, features, strict=True)]
        for level in reversed(range(len(merged) - 1)):
            finer = merged[level]
            # to the size of the finer level, not by two: sides may be odd
            merged[level] = finer + F.interpolate(merged[level + 1], finer.shape[-2:])
        return tuple(layer(level) for layer, level in zip(self.output, merged, strict=True))


def convolution(before: int, after: int, size: int) -> nn.Sequential:
    """A convolution that keeps height and width, and its group norm."""
    layer = nn.Conv2d(before, after, size, padding=size // 2, bias=False)
    nn.init.kaiming_uniform_(layer.weight, a=1)
    return nn.Sequential(layer, nn.GroupNorm(GROUPS, after))
