"""Darkness: less lightness everywhere. A dark day, not a night: no lamp is lit in it."""

import numpy as np

from trainstudy.strategies._automold.lightness import Image, lightness, relight

LOSS = (0.3, 0.8)
"""Share of the lightness that is lost; the library's 0..1 holds black and unchanged images."""


def apply(image: Image, rng: np.random.Generator) -> Image:
    """A darker image uint8 [H,W,3]; how much is drawn."""
    return relight(image, lightness(image) * np.float32(1 - rng.uniform(*LOSS)))
