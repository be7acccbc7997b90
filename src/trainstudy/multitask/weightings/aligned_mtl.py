"""Aligned-MTL: gradients made orthogonal and equally long before they are summed."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class AlignedMtl(GradientWeighting):
    """All principal components of the gradients are given the length of the smallest.

    Source: Senushkin, Patakin, Kuznetsov and Konushin, "Independent component alignment for
    multi-task learning" (2023), algorithm 1.
    """

    averages = True

    def make(self) -> Any:
        return aggregation.AlignedMTL()


WEIGHTING = AlignedMtl
