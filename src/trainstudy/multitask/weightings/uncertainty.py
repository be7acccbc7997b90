"""Uncertainty weighting: every task learns its own noise, which divides its loss."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainstudy.multitask.weightings._weighting import Weighting, differentiate


class Uncertainty(Weighting):
    """The sum of ``exp(-s_i) loss_i + s_i / 2`` with learned log variances ``s_i``, 0 at first.

    Source: Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to weigh losses for
    scene geometry and semantics" (2018), the form for classification. Theirs for regression has
    half the loss, which moves the best ``s_i`` by log 2 and leaves the loss its weight; a detection
    loss is the sum of both kinds, so one form serves all. ``log_variance`` [K] belongs into the
    network's optimizer, in a group without weight decay.
    """

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        self.log_variance = nn.Parameter(torch.zeros(len(tasks)))

    def backward(self, losses: Tensor, parameters: Sequence[nn.Parameter]) -> Tensor:
        weights = torch.exp(-self.log_variance)
        total = (weights * losses + self.log_variance / 2).sum()
        differentiate(total, [*parameters, self.log_variance])
        return weights.detach()


WEIGHTING = Uncertainty
