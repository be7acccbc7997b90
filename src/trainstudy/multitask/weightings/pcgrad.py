"""PCGrad: a gradient gives up the part of it that opposes another task's."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class PcGrad(GradientWeighting):
    """Every gradient is projected onto the normal planes of those it conflicts with; their sum.

    The others come in a drawn order. Source: Yu et al., "Gradient surgery for multi-task learning"
    (2020), algorithm 1.
    """

    def make(self) -> Any:
        return aggregation.PCGrad()


WEIGHTING = PcGrad
