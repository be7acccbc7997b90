"""The same street in other weather: one module a domain, each a function of scene and randomness.

These are simulations. A score on them says how a network takes to this fog, not to fog.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from trainstudy.data import streets
from trainstudy.data.streets.scene import Image, Scene
from trainstudy.data.weather import clear_day, foggy, night, rainy, snowy

__all__ = ["DOMAINS", "apply", "draw"]

_WEATHERS: Final[dict[str, Callable[[Scene, np.random.Generator], Image]]] = {
    "clear_day": clear_day.apply,
    "foggy": foggy.apply,
    "rainy": rainy.apply,
    "snowy": snowy.apply,
    "night": night.apply,
}
DOMAINS: Final = tuple(_WEATHERS)
"""Accepted names, the untouched one first."""


def apply(domain: str, scene: Scene, rng: np.random.Generator) -> Image:
    """The scene's image in the weather of a domain, uint8 [H, W, 3]; the scene is not changed.

    Raises ValueError naming the accepted domains.
    """
    _check(domain)
    return _WEATHERS[domain](scene, rng)


def draw(
    domain: str, city: str, seed: int, index: int, height: int = 96, width: int = 128
) -> Scene:
    """Scene number `index` of a city in a weather; the same street in every domain.

    Raises ValueError as `apply` and `streets.draw` do.
    """
    _check(domain)
    scene = streets.draw(city, seed, index, height, width)
    rng = np.random.default_rng([seed, index, zlib.crc32(f"{city}/{domain}".encode())])
    return replace(scene, image=apply(domain, scene, rng))


def _check(domain: str) -> None:
    if domain not in _WEATHERS:
        raise ValueError(f"unknown domain {domain!r}; accepted: {', '.join(DOMAINS)}")
