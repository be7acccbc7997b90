import numpy as np

from trainstudy.data import streets
from trainstudy.data.classes import BUILDING, ROAD
from trainstudy.data.streets.scene import Scene
from trainstudy.data.weather import rainy


def test_the_wet_road_mirrors_the_wall_behind_it():
    """Left of the middle the wall is bright, right of it dark: so is the road before it."""
    label = np.full((96, 128), BUILDING, np.uint8)
    label[48:] = ROAD
    depth = np.full((96, 128), 20.0, np.float32)
    depth[48:] = np.linspace(20, 4, 48)[:, None]
    image = np.full((96, 128, 3), 90, np.uint8)
    image[:48, :64], image[:48, 64:] = 240, 10
    wet = rainy.apply(Scene(image, label, depth), np.random.default_rng(0)).astype(float)
    assert wet[52:80, 8:56].mean() > wet[52:80, 72:120].mean() + 10


def test_rain_takes_contrast_and_colour():
    for index in range(4):
        scene = streets.draw("new_town", 0, index)
        wet = rainy.apply(scene, np.random.default_rng(index)).astype(float)
        assert wet.std() < scene.image.astype(float).std()
        assert np.ptp(wet, axis=2).mean() < np.ptp(scene.image.astype(float), axis=2).mean()
