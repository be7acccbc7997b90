"""The effects of the Automold library on RGB images: one module an effect.

Source: U. Saxena, "Automold: Road Augmentation Library" (2018), https://github.com/UjjwalSaxena/
Automold--Road-Augmentation-Library, whose user's guide defines the effects. Written anew from these
definitions and the library's constants; where an effect departs from it, its module says so. Sizes
are given in pixels of an image 1280 wide, as there, and scale with the width.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from trainstudy.strategies._automold import darkness, fog, gravel, rain, shadow, snow, sun_flare
from trainstudy.strategies._automold.lightness import Image

EFFECTS: Final[dict[str, Callable[[Image, np.random.Generator], Image]]] = {
    "foggy": fog.apply,
    "rainy": rain.apply,
    "snowy": snow.apply,
    "sun_flare": sun_flare.apply,
    "shadow": shadow.apply,
    "gravel": gravel.apply,
    "dark": darkness.apply,
}
"""By the domain that an effect makes; the last four are no weather and keep the effect's name."""
