"""IMTL-G: an update with equal projections onto all gradients."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class ImtlG(GradientWeighting):
    """Weights that sum to K, some perhaps negative, for one angle to every gradient.

    Source: Liu et al., "Towards impartial multi-task learning" (2021), the part for gradients.
    """

    averages = True

    def make(self) -> Any:
        return aggregation.IMTLG()


WEIGHTING = ImtlG
