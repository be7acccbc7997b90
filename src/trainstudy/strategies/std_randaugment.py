"""RandAugment: two operations an image, drawn uniformly, all at one magnitude.

Source: Cubuk, Zoph, Shlens and Le, "RandAugment" (2020).
"""

from typing import Any

import numpy as np

from trainstudy.strategies import _policy
from trainstudy.strategies._policy import RANGES, Step

OPERATIONS, MAGNITUDE, MAXIMUM = 2, 9, 30  # N and M, and the scale that M is counted on
NAMES = tuple(name for name in _policy.NAMES if name != "invert")  # the fourteen of the paper


class RandAugment(_policy.Policy):
    """N operations of one magnitude on every image, the sign drawn where it is free."""

    def effective(self) -> dict[str, Any]:
        return {
            "randaugment": {
                "operations": OPERATIONS,
                "magnitude": MAGNITUDE / MAXIMUM,
                "of": NAMES,
                "ranges": RANGES,
            }
        }

    def steps(self, draw: np.random.Generator) -> list[Step]:
        strength = MAGNITUDE / MAXIMUM
        return [
            (NAMES[draw.integers(len(NAMES))], strength if draw.random() < 0.5 else -strength)
            for _ in range(OPERATIONS)
        ]


STRATEGY = RandAugment()
