"""Nash-MTL: the update on which the tasks agree in a bargain, whatever the scales of the losses."""

import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting

SHORTEST = 1e-12  # length of a gradient that can be brought to length 1


class NashMtl(GradientWeighting):
    """Weights with ``weight_i <gradient_i, update> = 1``: an update of length sqrt(K).

    Solved anew at every step from the weights of the last, which are its only state. Gradients are
    brought to length 1 first, which changes no bargain: where lengths differ a hundredfold, the
    solver missed it tenfold. The clipping to length 1 of the authors' code is left out. One task
    has nobody to bargain with and keeps its gradient. Source: Navon et al., "Multi-task learning as
    a bargaining game" (2022), algorithm 1.
    """

    alpha: Tensor

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        self.register_buffer("alpha", torch.ones(len(tasks), dtype=torch.float64))

    def make(self) -> Any:
        alone = len(self.tasks) == 1
        return aggregation.Sum() if alone else aggregation.NashMTL(len(self.tasks), max_norm=0)

    def _combine(self, parameters: list[nn.Parameter]) -> Tensor | None:
        if len(self.tasks) == 1:
            return super()._combine(parameters)
        lengths = _make_unit(parameters)
        weighting = self.aggregator.weighting
        weighting.prvs_alpha = self.alpha.cpu().numpy()
        with warnings.catch_warnings():
            # its problem cannot be cached, its inexact solutions are used, and a task without a
            # gradient divides by zero: the method lives with all three
            warnings.simplefilter("ignore")
            weights = super()._combine(parameters)
        assert weights is not None  # a method with weights
        self.alpha.copy_(torch.from_numpy(weighting.prvs_alpha))
        return weights / lengths


def _make_unit(parameters: list[Any]) -> Tensor:
    """Divide every row of the Jacobian in the parameters' ``.jac`` by its length; those [K]."""
    parts = torch.stack([parameter.jac.flatten(1).norm(dim=1) for parameter in parameters])
    lengths: Tensor = parts.norm(dim=0).clamp(min=SHORTEST)
    for parameter in parameters:
        parameter.jac /= lengths.view(-1, *[1] * parameter.ndim)
    return lengths


WEIGHTING = NashMtl
