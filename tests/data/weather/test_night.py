from dataclasses import replace

import numpy as np

from trainstudy.data import streets
from trainstudy.data.classes import SKY
from trainstudy.data.weather import night

SCENES = [streets.draw(city, 0, i) for city in streets.CITIES for i in range(3)]


def test_night_is_much_darker_than_day_and_the_sky_darkest():
    for scene in SCENES:
        dark = night.apply(scene, np.random.default_rng(0))
        assert dark.mean() < 0.6 * scene.image.mean()
        sky = scene.label == SKY
        assert dark[sky].mean() < 0.25 * scene.image[sky].mean()


def test_lamps_and_windows_are_what_shines():
    for scene in SCENES:
        assert scene.glow is not None
        dark = night.apply(scene, np.random.default_rng(0)).mean(axis=2)
        lit = scene.glow.max(axis=2) > 150
        assert dark[lit].mean() > 2 * dark[~lit].mean()


def test_light_only_adds():
    """With the lamps off, and the same noise, hardly a pixel is brighter."""
    for scene in SCENES:
        on = night.apply(scene, np.random.default_rng(0)).astype(int)
        off = night.apply(replace(scene, glow=None), np.random.default_rng(0)).astype(int)
        assert (off > on + 12).mean() < 0.01
        assert on.mean() > off.mean()
