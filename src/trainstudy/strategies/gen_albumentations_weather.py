"""Fog, rain and snow drawn over the real images by albumentations, half of every batch.

Source: Buslaev et al., "Albumentations: fast and flexible image augmentations" (2020). The images
are generated once at the start of a training and keep the labels of their originals, as the
generated images of the published study do.
"""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.strategies._strategy import Strategy

WEATHER = ("foggy", "rainy", "snowy")


class AlbumentationsWeather(Strategy):
    """One generated image for every training image and weather."""

    ratio = 0.5

    def effective(self) -> dict[str, Any]:
        return {"ratio": self.ratio}

    def generate(self, train: SegmentationSet, seed: int) -> SegmentationSet:
        transforms = _transforms()
        images: list[NDArray[np.uint8]] = []
        names: list[str] = []
        for index, image in enumerate(train.images):
            for domain, transform in transforms.items():
                number = np.random.SeedSequence([seed, index, WEATHER.index(domain)])
                transform.set_random_seed(int(number.generate_state(1)[0]))
                images.append(transform(image=image)["image"])
                names.append(f"{train.names[index]}_{domain}")
        return SegmentationSet(
            name=f"{train.name}+weather",
            classes=train.classes,
            images=np.stack(images),
            labels=np.repeat(train.labels, len(WEATHER), axis=0),
            names=tuple(names),
            domains=WEATHER * len(train),
        )


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
