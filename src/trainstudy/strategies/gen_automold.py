"""The seven effects of the Automold library drawn over the real images, half of every batch.

Source: see ``_automold``. Every training image is drawn once with every effect. Fog, rain and snow
make the study's domains; sun flare, shadow, gravel and darkening are no weather: their domains are
``sun_flare``, ``shadow``, ``gravel`` and ``dark``.
"""

from collections.abc import Callable

import numpy as np

from trainstudy.strategies._automold import EFFECTS
from trainstudy.strategies._drawn import Drawn, Image, Painter
from trainstudy.training.randomness import generator


class Automold(Drawn):
    """One generated image for every training image and effect."""

    def painters(self) -> dict[str, Painter]:
        return {
            domain: _painter(place, effect)
            for place, (domain, effect) in enumerate(EFFECTS.items())
        }


def _painter(place: int, effect: Callable[[Image, np.random.Generator], Image]) -> Painter:
    return lambda image, seed, index: effect(image, generator(seed, "automold", index, place))


STRATEGY = Automold()
