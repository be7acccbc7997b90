"""UPGrad: an update that is against no task, to first order."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class UpGrad(GradientWeighting):
    """Every gradient is projected onto the cone of directions that conflict with none; their sum.

    Source: Quinton and Rey, "Jacobian descent for multi-objective optimization" (2024).
    """

    averages = True

    def make(self) -> Any:
        return aggregation.UPGrad()


WEIGHTING = UpGrad
