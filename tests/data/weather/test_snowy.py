import numpy as np

from trainstudy.data import streets
from trainstudy.data.classes import BUILDING, CAR, PAVEMENT, SKY
from trainstudy.data.streets.scene import Scene
from trainstudy.data.weather import snowy


def test_pavements_turn_white():
    for index in range(4):
        scene = streets.draw("old_town", 0, index)
        snow = snowy.apply(scene, np.random.default_rng(index))
        pavement = scene.label == PAVEMENT
        assert snow[pavement].mean() > scene.image[pavement].mean() + 20


def test_roofs_carry_snow_and_walls_under_a_thing_in_front_do_not():
    """A car against the sky is capped; the wall that goes on below the car is not."""
    label = np.full((96, 128), SKY, np.uint8)
    depth = np.full((96, 128), np.inf, np.float32)
    label[30:60, 20:60], depth[30:60, 20:60] = CAR, 6.0
    label[60:, 20:60], depth[60:, 20:60] = BUILDING, 12.0
    image = np.full((96, 128, 3), 40, np.uint8)
    cover = snowy._cover(Scene(image, label, depth), 0.8, np.random.default_rng(0))
    assert cover[30, 20:60].min() > 0.8
    assert cover[45:, 20:60].max() == 0
