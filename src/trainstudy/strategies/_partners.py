"""Which image of a batch each image is mixed with."""

from collections.abc import Sequence

import numpy as np


def partners(draws: Sequence[np.random.Generator]) -> list[int]:
    """For every image the place of another one, any of them equally likely, never itself.

    One generator an image; there must be at least two.
    """
    size = len(draws)
    return [(place + int(draw.integers(1, size))) % size for place, draw in enumerate(draws)]
