"""Weightings: how the losses of several tasks become one update. One file is one method.

Most give every loss a weight; the others combine the gradients of the tasks, through TorchJD.
A new file with a ``WEIGHTING`` is found by its name; the tests ask for its test and its paragraph.
"""

import importlib
import pkgutil

from trainstudy.multitask.weightings._weighting import Weighting

__all__ = ["WEIGHTINGS", "Weighting", "get"]

WEIGHTINGS = tuple(
    sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name[0] != "_")
)


def get(name: str) -> type[Weighting]:
    """The weighting of one file. Raises ValueError naming the accepted ones."""
    if name not in WEIGHTINGS:
        raise ValueError(f"unknown weighting {name!r}; accepted: {', '.join(WEIGHTINGS)}")
    weighting: type[Weighting] = importlib.import_module(f"{__name__}.{name}").WEIGHTING
    return weighting
