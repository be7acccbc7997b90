"""The embedded data set: street scenes drawn by the package, so that the study runs anywhere.

Training sees clear days alone; validation asks for every weather. Scenes of training and validation
differ by their seeds.
"""

from functools import lru_cache

import numpy as np

from trainstudy.data import streets, weather
from trainstudy.data.classes import CLASSES
from trainstudy.data.segmentation_set import SegmentationData, SegmentationSet

CITIES = tuple(streets.CITIES)
HEIGHT, WIDTH = 96, 128
TRAIN_SCENES, VAL_SCENES = 80, 8  # of each city; validation: of each city in each weather
TRAIN_SEED, VAL_SEED = 1, 2


def load(cities: tuple[str, ...]) -> SegmentationData:
    """The scenes of one or several cities. Raises ValueError naming the cities there are."""
    return _load(cities, TRAIN_SCENES, VAL_SCENES)


@lru_cache(maxsize=1)  # drawn once a process: a resumed run asks again for what it had
def _load(cities: tuple[str, ...], train: int, val: int) -> SegmentationData:
    return SegmentationData(
        train=_scenes("streets/train", cities, ("clear_day",), TRAIN_SEED, train),
        val=_scenes("streets/val", cities, weather.DOMAINS, VAL_SEED, val),
        crop=(64, 96),
    )


def _scenes(
    name: str, cities: tuple[str, ...], domains: tuple[str, ...], seed: int, count: int
) -> SegmentationSet:
    images, labels, names, labelled = [], [], [], []
    for city in cities:
        for index in range(count):
            scene = streets.draw(city, seed, index, HEIGHT, WIDTH)
            for place, domain in enumerate(domains):
                rng = np.random.default_rng([seed, index, place])
                images.append(weather.apply(domain, scene, rng))
                labels.append(scene.label)
                names.append(f"{city}_{index:04d}_{domain}")
                labelled.append(domain)
    return SegmentationSet(
        name, CLASSES, np.stack(images), np.stack(labels), tuple(names), tuple(labelled)
    )
