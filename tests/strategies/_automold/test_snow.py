import numpy as np

from trainstudy.strategies._automold import snow
from trainstudy.strategies._automold.lightness import lightness


def test_snow_lies_on_what_is_darker_than_one_drawn_point_and_nowhere_else():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    for seed in range(10):
        seen = snow.apply(ramp, np.random.default_rng(seed))[0, :, 0].astype(int)
        point = int((seen != np.arange(256)).nonzero()[0].max()) + 1
        assert 255 / 3 - 1 <= point <= 255 * 5 / 6 + 1
        expected = np.rint(2.5 * np.arange(point)).clip(max=255)
        assert np.abs(seen[:point] - expected).max() <= 1
        assert np.array_equal(seen[point:], np.arange(point, 256))


def test_snow_never_darkens(street):
    seen = snow.apply(street, np.random.default_rng(0))
    assert (lightness(seen) >= lightness(street) - 1).all()
