"""The report's formula with the momentum that the report recommends."""

from collections.abc import Sequence

import torch
from torch import Tensor

from trainstudy.multitask.weightings.report_formula import ReportFormula

MOMENTUM = 0.9  # of the weights, an iteration: they remember about ten


class ReportMomentum(ReportFormula):
    """An exponential average of the formula's weights, starting from equal ones.

    Source: the report, "Add momentum to weight updates"; the coefficient is ours, none is given.
    """

    current: Tensor

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        self.register_buffer("current", torch.ones(len(tasks)))

    def weigh(self, losses: Tensor) -> Tensor:
        return self.current.lerp_(super().weigh(losses), 1 - MOMENTUM).clone()


WEIGHTING = ReportMomentum
