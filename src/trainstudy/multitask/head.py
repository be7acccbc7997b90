"""The head: one branch of three layers, shared by all levels, whose last one speaks for all tasks.

Its channels are those of detection (four box distances, the quality, the classes), then
segmentation, then classification. Detection is laid out as in FCOS (Tian, Shen, Chen and He 2019),
which has two branches there; group norm, the scale a level and the prior are FCOS's as well.
"""

import math
from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainstudy.multitask.neck import convolution

BOX = 4  # distances to left, top, right and bottom, in strides of the level; always positive
PRIOR = 0.01  # probability of a class anywhere before training (RetinaNet: Lin et al. 2017, 4.1)
START = 2.0  # strides; boxes of 32, 64 and 128 pixels at strides 8, 16 and 32


def channels_of(classes: Mapping[str, int]) -> dict[str, slice]:
    """Which channels belong to which task, from the number of classes of each.

    Raises ValueError unless exactly det, seg and cls are counted, with a class each at least.
    """
    if set(classes) != {"det", "seg", "cls"} or min(classes.values()) < 1:
        raise ValueError(f"classes: expected counts of det, seg and cls, got {dict(classes)}")
    detection = BOX + 1 + classes["det"]
    both = detection + classes["seg"]
    return {
        "det": slice(0, detection),
        "seg": slice(detection, both),
        "cls": slice(both, both + classes["cls"]),
    }


class Head(nn.Module):
    """Two 3x3 convolutions and one 1x1, the same at each of ``levels`` levels.

    ``output.weight`` [channels,width,1,1] has a row for every channel.
    """

    def __init__(self, width: int, channels: Mapping[str, slice], levels: int) -> None:
        super().__init__()
        layers = (convolution(width, width, 3), nn.ReLU(), convolution(width, width, 3), nn.ReLU())
        self.branch = nn.Sequential(*layers)
        self.output = nn.Conv2d(width, channels["cls"].stop, 1)
        self.scales = nn.Parameter(torch.ones(levels))  # of the box distances
        nn.init.normal_(self.output.weight, std=0.01)
        with torch.no_grad():
            bias = self.output.bias
            assert bias is not None
            bias.zero_()
            bias[:BOX] = math.log(math.expm1(START))  # what softplus turns into START
            bias[BOX + 1 : channels["det"].stop] = math.log(PRIOR / (1 - PRIOR))

    def forward(self, levels: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """The maps [B,channels,h,w] of every level, logits but for the box distances.

        Softplus instead of FCOS's exponential: it cannot overflow, and its gradient is at most 1.
        """
        return tuple(
            self._finish(self.output(self.branch(level)), scale)
            for level, scale in zip(levels, self.scales.unbind(), strict=True)
        )

    @staticmethod
    def _finish(raw: Tensor, scale: Tensor) -> Tensor:
        distances = F.softplus(raw[:, :BOX].float() * scale)  # in single precision under autocast
        return torch.cat((distances, raw[:, BOX:].float()), 1)
