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


def strategy_gallery(parameters: StreetScenes, samples: int = 3) -> Html:
    """One scene of every city as each strategy hands it to the model, before the crop."""
    rows: list[list[Pixels]] = []
    titles = ["original"]
    for city in streets.CITIES:
        scene = streets.draw(city, parameters.seed, 1, *parameters.size)
        row = [scene.image]
        for name in STRATEGIES:
            if name == "none":
                continue
            shown = _seen(name, scene, samples, parameters.seed)
            row += shown
            if not rows:
                titles += [name] + [""] * (len(shown) - 1)
        rows.append(row)
    return gallery(rows, titles, "A scene as each strategy changes it")


def _seen(name: str, scene: streets.Scene, samples: int, seed: int) -> list[Pixels]:
    """The images that a strategy makes of a scene: its generated ones, else augmented samples."""
    import torch

    strategy = get(name)
    one = SegmentationSet(
        "one", CLASSES, scene.image[None], scene.label[None], ("scene",), ("clear_day",)
    )
    generated = strategy.generate(one, seed, None)
    if generated is not None:
        return list(generated.images[:samples])
    images = torch.from_numpy(scene.image).permute(2, 0, 1)[None].repeat(samples, 1, 1, 1)
    labels = torch.from_numpy(scene.label)[None].repeat(samples, 1, 1)
    draws = [generator(seed, "gallery", sample) for sample in range(samples)]
    seen = strategy.augment(images, labels, draws).images
    return list(seen.permute(0, 2, 3, 1).numpy())


def _nearness(depth: np.ndarray) -> Pixels:
    near = np.clip(1 - np.log(np.clip(depth, 2, 100) / 2) / np.log(50), 0, 1)
    return np.repeat((near * 255).astype(np.uint8)[..., None], 3, axis=2)
