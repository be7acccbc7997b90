import numpy as np

from trainstudy.strategies._automold import darkness
from trainstudy.strategies._automold.lightness import lightness


def test_every_pixel_keeps_one_drawn_share_of_its_light(street):
    shares = []
    for seed in range(10):
        seen = lightness(darkness.apply(street, np.random.default_rng(seed)))
        share = seen.sum() / lightness(street).sum()
        assert np.abs(seen - share * lightness(street)).max() <= 1
        shares.append(share)
    assert 0.19 < min(shares) < max(shares) < 0.71
