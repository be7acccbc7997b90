"""Weightings: how the losses of several tasks become one update. One file is one method.

Most give every loss a weight; the others combine the gradients of the tasks, through TorchJD.
A new file with a ``WEIGHTING`` is found by its name; the tests ask for its test and its paragraph.
"""

from trainstudy import registry
from trainstudy.multitask.weightings._weighting import Weighting

__all__ = ["WEIGHTINGS", "Weighting", "get"]

WEIGHTINGS = registry.names(__path__)


def get(name: str) -> type[Weighting]:
    """The weighting of one file. Raises ValueError naming the accepted ones."""
    weighting: type[Weighting] = registry.find(__name__, name, WEIGHTINGS, "weighting")
    return weighting
