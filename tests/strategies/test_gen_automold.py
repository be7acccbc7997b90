import dataclasses

import numpy as np

from trainstudy.strategies import get
from trainstudy.strategies._automold import EFFECTS

STRATEGY = get("gen_automold")


def test_every_image_has_every_effect_once(tiny_set):
    train = tiny_set(3)
    drawn = STRATEGY.generate(train, 0, None)
    assert drawn.domains == tuple(EFFECTS) * 3
    assert {"foggy", "rainy", "snowy"} < EFFECTS.keys()
    assert (drawn.images != np.repeat(train.images, 7, axis=0)).any((1, 2, 3)).all()
    assert (STRATEGY.ratio, STRATEGY.effective()) == (0.5, {"ratio": 0.5})


def test_an_image_s_effects_follow_seed_and_place_and_no_other_image(tiny_set):
    train = tiny_set(3)
    drawn = STRATEGY.generate(train, 0, None).images
    other = dataclasses.replace(train, images=np.stack([train.images[0]] * 2 + [train.images[2]]))
    again = STRATEGY.generate(other, 0, None).images
    assert np.array_equal(again[:7], drawn[:7])
    assert np.array_equal(again[14:], drawn[14:])
    assert (again[7:14] != drawn[:7]).any((1, 2, 3)).all(), "the same effects at another place"
    assert (STRATEGY.generate(train, 1, None).images != drawn).any((1, 2, 3)).all()
