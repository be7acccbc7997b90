"""The report's formula: the smaller a loss, the larger its weight."""

from torch import Tensor

from trainstudy.multitask.weightings._weighting import Weighting

FLOOR = 1e-8  # of a loss: a task that is learned wholly must not divide by zero


class ReportFormula(Weighting):
    """``weight_i = (mean loss / loss_i) ** 0.5`` on the losses of the batch, as printed.

    The weighted losses are in proportion to the roots of the losses. Source: the report, "Dynamic
    Task Weighting"; the weights of its log (0.89, 1.23, 0.92) are not those of its losses.
    """

    def weigh(self, losses: Tensor) -> Tensor:
        losses = losses.clamp(min=FLOOR)
        return (losses.mean() / losses).sqrt()


WEIGHTING = ReportFormula
