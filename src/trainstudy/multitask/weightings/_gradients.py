"""What the gradient methods share: one gradient a task, combined by an aggregator of TorchJD.

A step takes one backward pass a task and the memory of K more gradients. A parameter that one task
does not reach has a zero gradient for it; one that no task reaches is given zeros, where the
weightings of losses give it no gradient at all.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torchjd import autojac

from trainstudy.multitask.weightings._weighting import Weighting, trained


class GradientWeighting(Weighting):
    """An aggregator of TorchJD, which draws from torch's own generator where it draws.

    Methods that are homogeneous in the gradients and a mean over tasks (``averages``) are given K
    times the losses, which makes them a sum. Nearly all solve a small problem on the host or branch
    on numbers of the device: none is captured.
    """

    capturable = False
    averages = False

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        self.aggregator = self.make()

    @abstractmethod
    def make(self) -> Any:
        """The aggregator for ``tasks``."""

    def backward(self, losses: Tensor, parameters: Sequence[nn.Parameter]) -> Tensor:
        found = trained(parameters)
        scale = len(self.tasks) if self.averages else 1
        # one row at a time: differentiating them together goes through vmap, which knows neither
        # compiled functions nor every operator
        autojac.backward(losses * scale, inputs=found, parallel_chunk_size=1)
        weights = self._combine(found)
        for parameter in found:
            # gradients come back as parts of one vector; optimizers that are fused ask for the
            # strides that the parameter has, which in channels-last are others
            if parameter.grad is not None:
                parameter.grad = torch.empty_like(parameter).copy_(parameter.grad)
        return torch.full_like(losses.detach(), torch.nan) if weights is None else weights * scale

    def _combine(self, parameters: list[nn.Parameter]) -> Tensor | None:
        weights: Tensor | None = autojac.jac_to_grad(parameters, self.aggregator)
        return weights
