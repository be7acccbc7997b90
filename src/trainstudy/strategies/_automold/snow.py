"""Snow: what is dark enough turns bright, as if snow lay on it. Nothing falls."""

import numpy as np

from trainstudy.strategies._automold.lightness import Image, lightness, relight

POINT = (255 / 3, 255 * 5 / 6)  # least and most snow: the lightness below which it lies
GAIN = 2.5


def apply(image: Image, rng: np.random.Generator) -> Image:
    """A snowy image uint8 [H,W,3]; the amount of snow is drawn."""
    light = lightness(image)
    return relight(image, np.where(light < rng.uniform(*POINT), light * np.float32(GAIN), light))
