"""Fog, rain and snow drawn over the real images by albumentations, half of every batch.

Source: Buslaev et al., "Albumentations: fast and flexible image augmentations" (2020). The images
are generated once at the start of a training and keep the labels of their originals, as the
generated images of the published study do.
"""

import os
from typing import Any

import numpy as np

from trainstudy.strategies._drawn import Drawn, Image, Painter


class AlbumentationsWeather(Drawn):
    """One generated image for every training image and weather."""

    def painters(self) -> dict[str, Painter]:
        return {
            domain: _painter(place, transform)
            for place, (domain, transform) in enumerate(_transforms().items())
        }


def _painter(place: int, transform: Any) -> Painter:
    def paint(image: Image, seed: int, index: int) -> Image:
        number = np.random.SeedSequence([seed, index, place])
        transform.set_random_seed(int(number.generate_state(1)[0]))
        painted: Image = transform(image=image)["image"]
        return painted

    return paint


def _transforms() -> dict[str, Any]:
    # albumentations asks a server for its newest version on import unless told not to
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations as A

    return {
        "foggy": A.Compose([A.RandomFog(fog_coef_range=(0.3, 0.8), alpha_coef=0.1, p=1)]),
        "rainy": A.Compose([A.RandomRain(brightness_coefficient=0.8, blur_value=3, p=1)]),
        "snowy": A.Compose([A.RandomSnow(snow_point_range=(0.1, 0.3), p=1)]),
    }


STRATEGY = AlbumentationsWeather()
