"""Strategies: what the training images go through. One file of this package is one strategy.

``none`` changes nothing, ``std_*`` augment every image on line, ``gen_*`` mix in generated images.
A new file with a ``STRATEGY`` is found by its name; the tests ask for its test and its paragraph.
"""

import importlib
import pkgutil

from trainstudy.strategies._strategy import Augmented, Strategy

__all__ = ["STRATEGIES", "Augmented", "Strategy", "get"]

STRATEGIES = tuple(
    sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name[0] != "_")
)


def get(name: str) -> Strategy:
    """The strategy of one file. Raises ValueError naming the accepted ones."""
    if name not in STRATEGIES:
        raise ValueError(f"unknown strategy {name!r}; accepted: {', '.join(STRATEGIES)}")
    strategy: Strategy = importlib.import_module(f"{__name__}.{name}").STRATEGY
    return strategy
