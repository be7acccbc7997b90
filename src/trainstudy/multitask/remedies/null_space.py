"""Null space: shared layers move only in directions that inputs of earlier tasks do not have.

Source: Wang, Li, Sun and Xu, "Training networks in null space of feature covariance for continual
learning" (2021), section 4. Directions are counted by their share of the energy, as in Saha, Garg
and Roy, "Gradient projection memory for continual learning" (2021), equation 9.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import torch
import torch.nn.functional as F
from pydantic import Field, PrivateAttr
from torch import Tensor, nn

from trainstudy.multitask.network import Network
from trainstudy.multitask.remedies._remedy import Loss, Past, Remedy, Some, some_of, teacher_of

BATCH = 16  # images that go through the network at once


class NullSpace(Remedy):
    """The convolutions of neck and branch, which go on giving earlier tasks what they gave.

    What a layer sees of the earlier tasks' images, under its kernel at all positions, has a
    covariance, in which every task counts the same. The eigenvectors that hold ``energy`` of its
    trace are kept free of change: what a step moves along them is taken back before the next use.
    The norms of these parts are not trained. The backbone is not this remedy's: with ``frozen`` and
    ``own_rows`` beside it, earlier tasks' outputs stay but for what the rest of the energy does.
    """

    energy: Annotated[float, Field(gt=0, lt=1)] = 0.99
    images: Some = "all"
    """Of each earlier task's training set, for the covariance."""

    _kept: dict[str, Tensor] = PrivateAttr(default_factory=dict)  # [inputs, directions] by layer

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        model = teacher_of(network)  # whose batch norms measure, and do not move
        layers = _convolutions(model)
        total: dict[str, Tensor] = {}
        for task, dataset in zip(past.tasks, past.sets, strict=True):
            chosen = some_of(dataset, self.images, seed, "covariance")
            with covariances(layers) as sums, torch.no_grad():
                for start in range(0, len(chosen), BATCH):
                    loss(task, model, dataset, chosen[start : start + BATCH])
            for name, matrix in sums.items():
                total[name] = total.get(name, 0) + matrix / matrix.trace()
        self._kept = {name: directions(matrix, self.energy) for name, matrix in total.items()}

    def freeze(self, network: Network) -> None:
        if not self._kept:
            return
        for part in (network.neck, network.head.branch):
            for module in part.modules():
                if isinstance(module, nn.GroupNorm):
                    module.requires_grad_(False)
        for name, kept in self._kept.items():
            weight = network.get_parameter(f"{name}.weight")
            if weight.requires_grad:  # what another remedy has frozen stays where it is
                _hold(network, weight, kept)


@contextmanager
def covariances(layers: dict[str, nn.Conv2d]) -> Iterator[dict[str, Tensor]]:
    """What the layers see meanwhile, by name: the sum [inputs,inputs] of the outer products of
    their inputs, an image's channels under the kernel at one position, with themselves."""
    sums: dict[str, Tensor] = {}

    def collect(name: str) -> Callable[..., None]:
        def hook(layer: nn.Conv2d, inputs: tuple[Tensor, ...]) -> None:
            under = F.unfold(inputs[0], layer.kernel_size, padding=layer.padding)  # type: ignore[arg-type]
            under = under.transpose(0, 1).flatten(1)
            sums[name] = sums.get(name, 0) + under @ under.T

        return hook

    hooks = [layer.register_forward_pre_hook(collect(name)) for name, layer in layers.items()]
    try:
        yield sums
    finally:
        for hook in hooks:
            hook.remove()


def directions(covariance: Tensor, energy: float) -> Tensor:
    """The fewest eigenvectors [inputs,k] of a covariance that hold a share of its trace."""
    values, vectors = torch.linalg.eigh(covariance.double())  # in ascending order
    values, vectors = values.clamp(min=0).flip(0), vectors.flip(1)
    share = values.cumsum(0) / values.sum()
    kept: Tensor = vectors[:, : int((share < energy).sum()) + 1]
    return kept.to(covariance)


def without(change: Tensor, kept: Tensor) -> Tensor:
    """A change of a layer's weights [outputs,...] without its part along ``kept`` [inputs,k]."""
    with torch.autocast(change.device.type, enabled=False):
        flat = change.flatten(1)
        found: Tensor = (flat - (flat @ kept) @ kept.T).view(change.shape)
    return found


def _convolutions(network: Network) -> dict[str, nn.Conv2d]:
    """Those of neck and branch, by their names in the network."""
    return {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d) and name.startswith(("neck.", "head.branch."))
    }


def _hold(network: Network, weight: nn.Parameter, kept: Tensor) -> None:
    """The gradient's part along ``kept`` is dropped, and the weight's change along it taken back.

    The first keeps it out of norms and moments; the second is for optimizers that scale every
    element by itself. What a checkpoint holds is clear of it too, since a validation, which uses
    the network, comes before.
    """
    begun = weight.detach().clone()
    weight.register_hook(lambda gradient: without(gradient, kept))  # type: ignore[no-untyped-call]

    def take_back(module: nn.Module, inputs: Any) -> None:
        # .data: between two uses of one iteration nothing changes but roundings
        weight.data.copy_(begun + without(weight.detach() - begun, kept))

    network.neck.register_forward_pre_hook(take_back)


REMEDY = NullSpace
