"""AutoAugment: one of the 25 pairs of operations that a search found for ImageNet.

Source: Cubuk, Zoph, Mané, Vasudevan and Le, "AutoAugment: Learning augmentation strategies from
data" (2019), table 9. Level 9 is the end of an operation's range and 0 its beginning, where it
does nothing; the sign is drawn where it is free.
"""

from typing import Any

import numpy as np

from trainstudy.strategies._policy import RANGES, Policy, Step

LEVELS = 9
# two operations, each with its probability and its level where it has one
SUB_POLICIES = (
    (("posterize", 0.4, 8), ("rotate", 0.6, 9)),
    (("solarize", 0.6, 5), ("autocontrast", 0.6, 0)),
    (("equalize", 0.8, 0), ("equalize", 0.6, 0)),
    (("posterize", 0.6, 7), ("posterize", 0.6, 6)),
    (("equalize", 0.4, 0), ("solarize", 0.2, 4)),
    (("equalize", 0.4, 0), ("rotate", 0.8, 8)),
    (("solarize", 0.6, 3), ("equalize", 0.6, 0)),
    (("posterize", 0.8, 5), ("equalize", 1.0, 0)),
    (("rotate", 0.2, 3), ("solarize", 0.6, 8)),
    (("equalize", 0.6, 0), ("posterize", 0.4, 6)),
    (("rotate", 0.8, 8), ("color", 0.4, 0)),
    (("rotate", 0.4, 9), ("equalize", 0.6, 0)),
    (("equalize", 0.0, 0), ("equalize", 0.8, 0)),
    (("invert", 0.6, 0), ("equalize", 1.0, 0)),
    (("color", 0.6, 4), ("contrast", 1.0, 8)),
    (("rotate", 0.8, 8), ("color", 1.0, 2)),
    (("color", 0.8, 8), ("solarize", 0.8, 7)),
    (("sharpness", 0.4, 7), ("invert", 0.6, 0)),
    (("shear_x", 0.6, 5), ("equalize", 1.0, 0)),
    (("color", 0.4, 0), ("equalize", 0.6, 0)),
    (("equalize", 0.4, 0), ("solarize", 0.2, 4)),
    (("solarize", 0.6, 5), ("autocontrast", 0.6, 0)),
    (("invert", 0.6, 0), ("equalize", 1.0, 0)),
    (("color", 0.6, 4), ("contrast", 1.0, 8)),
    (("equalize", 0.8, 0), ("equalize", 0.6, 0)),
)


class AutoAugment(Policy):
    """One sub-policy an image, each of its operations with its probability."""

    def effective(self) -> dict[str, Any]:
        return {"autoaugment": {"of": SUB_POLICIES, "levels": LEVELS, "ranges": RANGES}}

    def steps(self, draw: np.random.Generator) -> list[Step]:
        steps = []
        for name, probability, level in SUB_POLICIES[draw.integers(len(SUB_POLICIES))]:
            applied, positive = draw.random(2) < (probability, 0.5)
            strength = level / LEVELS if positive else -level / LEVELS
            steps.append((name if applied else "identity", strength))
        return steps


STRATEGY = AutoAugment()
