"""Own rows: what belongs to an earlier task alone is kept, while all that is shared is trained.

In a network with one head these are the task's rows of the last layer, and the scales of the box
distances.
"""

from typing import Any

from pydantic import PrivateAttr
from torch import Tensor, nn

from trainstudy.multitask.network import Network
from trainstudy.multitask.remedies._remedy import Loss, Past, Remedy


class OwnRows(Remedy):
    """The parts of earlier tasks hold the values they have when the stage begins."""

    _tasks: tuple[str, ...] = PrivateAttr(())

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        self._tasks = past.tasks

    def freeze(self, network: Network) -> None:
        for task in self._tasks:
            _hold(network.head.output, network.channels[task])
            if task == "det":
                network.head.scales.requires_grad_(False)


def _hold(layer: nn.Conv2d, rows: slice) -> None:
    """No gradient for some rows, and their values put back before every use.

    The first keeps them out of norms of the gradient; the second is for weight decay, which an
    optimizer applies to whole tensors, gradient or not.
    """
    held = {name: value.detach()[rows].clone() for name, value in layer.named_parameters()}

    def without(gradient: Tensor) -> Tensor:
        gradient = gradient.clone()
        gradient[rows] = 0
        return gradient

    def put_back(layer: nn.Module, inputs: Any) -> None:
        for name, value in held.items():
            # .data: autograd, which may still need them, is right to see no change in equal values
            layer.get_parameter(name).data[rows] = value

    for parameter in layer.parameters():
        parameter.register_hook(without)  # type: ignore[no-untyped-call]
    layer.register_forward_pre_hook(put_back)


REMEDY = OwnRows
