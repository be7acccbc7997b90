"""The chapter on the embedded scenes: what it accepts and what it shows."""

import numpy as np
from pydantic import Field, NonNegativeInt, PositiveInt

from trainstudy.book.images import Pixels, colour, gallery
from trainstudy.book.show import Html
from trainstudy.data import streets, weather
from trainstudy.data.classes import CLASSES
from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.parameters import Parameters
from trainstudy.strategies import STRATEGIES, get
from trainstudy.training.randomness import generator


class StreetScenes(Parameters):
    """``size`` is (height, width) in pixels."""

    seed: NonNegativeInt = 7
    size: list[PositiveInt] = Field(default=[144, 192], min_length=2, max_length=2)


def weather_gallery(parameters: StreetScenes, scenes: int = 2) -> Html:
    """Scenes of every city in every weather."""
    rows = []
    for city in streets.CITIES:
        for index in range(scenes):
            scene = streets.draw(city, parameters.seed, index, *parameters.size)
            drawn = [
                weather.apply(domain, scene, np.random.default_rng([parameters.seed, index, place]))
                for place, domain in enumerate(weather.DOMAINS)
            ]
            rows.append(drawn)
    titles = [domain.replace("_", " ") for domain in weather.DOMAINS]
    cities = " and ".join(city.replace("_", " ") for city in streets.CITIES)
    return gallery(rows, titles, f"Street scenes of {cities}")


def label_gallery(parameters: StreetScenes) -> Html:
    """Image, label and depth of one scene of every city."""
    rows = []
    for city in streets.CITIES:
        scene = streets.draw(city, parameters.seed, 0, *parameters.size)
        rows.append([scene.image, colour(scene.label), _nearness(scene.depth)])
    return gallery(rows, ["image", "label", "depth (near is bright)"], "A scene of each city")


def strategy_gallery(parameters: StreetScenes, samples: int = 4) -> Html:
    """Scenes of one city as each strategy hands them to the model, a strategy a row.

    Strategies that read images generated elsewhere have none to show here.
    """
    scenes = [
        streets.draw(next(iter(streets.CITIES)), parameters.seed, index, *parameters.size)
        for index in range(samples)
    ]
    shown = [name for name in STRATEGIES if not get(name).reads_manifest]
    rows = [_seen(name, scenes, parameters.seed) for name in shown]
    titles = [""] * samples
    return gallery(rows, titles, "Scenes as a strategy changes them", names=shown)


def _seen(name: str, scenes: list[streets.Scene], seed: int) -> list[Pixels]:
    """What a strategy makes of each scene: a generated image of it, else it augmented."""
    import torch

    strategy, count = get(name), len(scenes)
    images, labels = (np.stack([getattr(s, part) for s in scenes]) for part in ("image", "label"))
    numbers = tuple(str(index) for index in range(count))
    train = SegmentationSet("scenes", CLASSES, images, labels, numbers, ("clear_day",) * count)
    generated = strategy.generate(train, seed, None)
    if generated is not None:
        each = len(generated) // count  # in order of scenes, then of what was made of each
        return [generated.images[index * each + index % each] for index in range(count)]
    draws = [generator(seed, "gallery", index) for index in range(count)]
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    seen = strategy.augment(pixels, torch.from_numpy(labels), draws).images
    return list(seen.permute(0, 2, 3, 1).numpy())


def _nearness(depth: np.ndarray) -> Pixels:
    near = np.clip(1 - np.log(np.clip(depth, 2, 100) / 2) / np.log(50), 0, 1)
    return np.repeat((near * 255).astype(np.uint8)[..., None], 3, axis=2)
