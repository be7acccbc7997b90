"""A clear day: as drawn."""

import numpy as np

from trainstudy.data.streets.scene import Image, Scene


def apply(scene: Scene, rng: np.random.Generator) -> Image:
    """The image itself, as a copy. No random number is used."""
    return scene.image.copy()
