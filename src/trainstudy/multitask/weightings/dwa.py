"""Dynamic weight average: tasks whose loss falls slowly count more."""

from collections.abc import Sequence

import torch
from torch import Tensor

from trainstudy.multitask.weightings._weighting import Weighting

TEMPERATURE = 2.0


class Dwa(Weighting):
    """K softmax(ratio / 2), where a ratio is the mean loss of the last epoch by the one before.

    Equal for the first two epochs. Source: Liu, Johns and Davison, "End-to-end multi-task learning
    with attention" (2019), equation 7 and its temperature.
    """

    iteration: Tensor
    total: Tensor
    averages: Tensor

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        # all on the device, the counter too: the host has nothing to wait for
        self.register_buffer("iteration", torch.zeros((), dtype=torch.long))
        self.register_buffer("total", torch.zeros(len(tasks)))  # of the losses of this epoch
        self.register_buffer("averages", torch.ones(2, len(tasks)))  # last epoch, the one before

    def weigh(self, losses: Tensor) -> Tensor:
        ratios = self.averages[0] / self.averages[1]
        weights = len(self.tasks) * torch.softmax(ratios / TEMPERATURE, 0)
        weights = torch.where(self.iteration < 2 * self.epoch, torch.ones_like(weights), weights)
        self._count(losses)
        return weights

    def _count(self, losses: Tensor) -> None:
        self.total += losses
        self.iteration += 1
        ended = self.iteration % self.epoch == 0
        rolled = torch.stack((self.total / self.epoch, self.averages[0]))
        self.averages.copy_(torch.where(ended, rolled, self.averages))
        self.total.copy_(torch.where(ended, torch.zeros_like(self.total), self.total))


WEIGHTING = Dwa
