"""Feature distillation: on the new images, what the head sees stays what it was.

Source: Romero et al., "FitNets: hints for thin deep nets" (2015), equation 3, between networks of
one shape, so without its regressor.
"""

import torch
from pydantic import PrivateAttr
from torch import Tensor

from trainstudy.multitask.network import Network, Outputs
from trainstudy.multitask.remedies._remedy import Loss, Past, Remedy, Strength, teacher_of


class Distill(Remedy):
    """The network at the start of the stage teaches the maps of the neck.

    The squared distance is relative to the teacher's own square, level by level, so that
    ``strength`` does not depend on the scale of the features.
    """

    strength: Strength = 1.0

    _teacher: Network | None = PrivateAttr(None)

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        if past.tasks:
            self._teacher = teacher_of(network)

    def penalty(self, network: Network, images: Tensor, outputs: Outputs) -> Tensor | None:
        if self._teacher is None:
            return None
        with torch.no_grad():
            taught: Outputs = self._teacher(images)
        pairs = zip(outputs.neck, taught.neck, strict=True)
        distances = [
            (own.float() - old.float()).square().mean() / old.float().square().mean()
            for own, old in pairs
        ]
        return self.strength * torch.stack(distances).mean()


REMEDY = Distill
