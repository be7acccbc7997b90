"""What every translator is: a generator side and a discriminator side under one scalar loss.

The original methods alternate: the generators' update, then the discriminators' on the new images
or on a pool of old ones. Here both sides take their gradients at the same weights and one optimizer
updates them together (simultaneous gradient descent): the shared loop has one loss and one
optimizer, and a pool would be state that no (seed, iteration) gives back after a resume.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.func import functional_call


class Translator(nn.Module, ABC):
    """A network that turns images of one domain into images of another.

    Images are float [B,3,h,w] in -1..1, with sides that are multiples of ``multiple`` and at least
    ``least`` pixels. ``weights`` gives every part of the loss its weight in the sum.
    """

    weights: ClassVar[Mapping[str, float]]
    learning_rate: ClassVar[float]
    multiple: int
    least: int

    @abstractmethod
    def losses(self, source: Tensor, target: Tensor) -> dict[str, Tensor]:
        """The unweighted parts of the loss of one unpaired batch, scalars.

        ``discriminator`` reaches the discriminators alone, every other part the generators alone.
        """

    @abstractmethod
    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """``source`` as it would look in the domain of ``target``, of which an image may be taken
        as the example."""

    @abstractmethod
    def optimizer(self, rate: float) -> torch.optim.Optimizer:
        """One optimizer over both sides, as the method's source sets it."""

    def loss(self, source: Tensor, target: Tensor) -> Tensor:
        """The weighted sum of :meth:`losses`."""
        parts = self.losses(source, target)
        return torch.stack([self.weights[name] * part for name, part in parts.items()]).sum()


def held(module: nn.Module, *inputs: Tensor) -> Any:
    """The module's output for inputs that get a gradient while its own parameters get none."""
    parameters = {name: parameter.detach() for name, parameter in module.named_parameters()}
    return functional_call(module, parameters, inputs)


def adam(groups: list[dict[str, Any]], betas: tuple[float, float]) -> torch.optim.Adam:
    """Adam over parameter groups, fused, so that a GPU's step can be captured in a graph."""
    on_gpu = groups[0]["params"][0].is_cuda
    return torch.optim.Adam(groups, betas=betas, fused=True, capturable=on_gpu)
