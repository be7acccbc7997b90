"""Strategies: what the training images go through. One file of this package is one strategy.

``none`` changes nothing, ``std_*`` augment every image on line, ``gen_*`` mix in generated images.
A new file with a ``STRATEGY`` is found by its name; the tests ask for its test and its paragraph.
"""

from trainstudy import registry
from trainstudy.strategies._strategy import Augmented, Strategy

__all__ = ["STRATEGIES", "Augmented", "Strategy", "get"]

STRATEGIES = registry.names(__path__)


def get(name: str) -> Strategy:
    """The strategy of one file. Raises ValueError naming the accepted ones."""
    strategy: Strategy = registry.find(__name__, name, STRATEGIES, "strategy")
    return strategy
