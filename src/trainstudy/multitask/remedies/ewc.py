"""Elastic weight consolidation: what an earlier task depends on is held in place by a spring.

Source: Kirkpatrick et al., "Overcoming catastrophic forgetting in neural networks" (2017),
equation 3, with one term for every earlier task.
"""

from collections.abc import Iterable
from copy import deepcopy
from multiprocessing import parent_process

import torch
from pydantic import PrivateAttr
from torch import Tensor
from tqdm import tqdm

from trainstudy.multitask.network import Network, Outputs
from trainstudy.multitask.remedies._remedy import (
    Loss,
    Past,
    Remedy,
    Some,
    Strength,
    some_of,
)


class EWC(Remedy):
    """Penalty ``strength / 2 * sum_i F_i (theta_i - theta*_i)^2`` over all parameters.

    F is the diagonal of the empirical Fisher matrix: the mean over single images of the squared
    gradient of the task's training loss under its true labels, at the weights theta* that its stage
    ended with. The rows of the head that speak for other tasks have no part in that loss, so their
    F is 0 and they move freely.
    """

    strength: Strength = 100.0
    images: Some = "all"
    """Of each earlier task's training set, for the Fisher matrix."""

    _fisher: Tensor | None = PrivateAttr(None)  # [tasks, parameters]
    _anchor: Tensor = PrivateAttr()

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        fishers, anchors = [], []
        for task, weights, dataset in zip(past.tasks, past.weights, past.sets, strict=True):
            model = deepcopy(network).eval()
            model.load_state_dict(weights)
            parameters = list(model.parameters())
            chosen = some_of(dataset, self.images, seed, "fisher")
            fisher = torch.zeros_like(_flat(parameters))
            # one of several processes has no line of its own
            silent = parent_process() is not None
            for image in tqdm(chosen, f"Fisher of {task}", delay=2, disable=silent):
                gradients = torch.autograd.grad(
                    loss(task, model, dataset, [image]), parameters, materialize_grads=True
                )
                fisher += _flat(gradients).square() / len(chosen)
            fishers.append(fisher)
            anchors.append(_flat(parameters).detach())
        if fishers:
            self._fisher, self._anchor = torch.stack(fishers), torch.stack(anchors)

    def penalty(self, network: Network, images: Tensor, outputs: Outputs) -> Tensor | None:
        if self._fisher is None:
            return None
        moved = _flat(network.parameters()) - self._anchor
        return self.strength / 2 * (self._fisher * moved.square()).sum()


def _flat(tensors: Iterable[Tensor]) -> Tensor:
    return torch.cat([tensor.flatten() for tensor in tensors])


REMEDY = EWC
