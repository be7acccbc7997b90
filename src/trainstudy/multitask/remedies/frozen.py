"""Frozen parts: what is no longer trained forgets nothing, and learns nothing either."""

from typing import Any, Literal

from pydantic import PrivateAttr
from torch import nn

from trainstudy.multitask.network import Network
from trainstudy.multitask.remedies._remedy import Loss, Past, Remedy

MODULES = {"backbone": "backbone", "neck": "neck", "branch": "head.branch"}


class Frozen(Remedy):
    """Parts keep the weights that the stage begins with, batch-norm statistics included.

    With ``branch`` a stage trains nothing but the last layer, which has rows for every task:
    together with own rows, a linear probe of what earlier stages left.
    """

    parts: Literal["backbone", "backbone+neck", "backbone+neck+branch"] = "backbone"

    _begun: bool = PrivateAttr(False)

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        self._begun = bool(past.tasks)

    def freeze(self, network: Network) -> None:
        if not self._begun:
            return
        for name in self.parts.split("+"):
            part = network.get_submodule(MODULES[name]).requires_grad_(False)
            # at every use, as a training sets the whole network to its training mode again
            part.register_forward_pre_hook(_stay)


def _stay(part: nn.Module, inputs: Any) -> None:
    part.eval()


REMEDY = Frozen
