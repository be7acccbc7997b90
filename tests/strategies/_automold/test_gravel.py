import numpy as np

from trainstudy.strategies._automold import gravel


def test_gravel_lies_on_the_lowest_quarter_in_patches_of_any_lightness():
    grey = np.full((180, 320, 3), 100, np.uint8)
    for seed in range(10):
        seen = gravel.apply(grey, np.random.default_rng(seed))[..., 0].astype(int)
        assert (seen[:135] == 100).all()
        stones = seen[135:][seen[135:] != 100]
        assert stones.size > 100
        assert stones.min() < 20
        assert stones.max() > 235


def test_stones_are_as_large_as_the_image_asks():
    wide = gravel.apply(np.full((720, 1280, 3), 100, np.uint8), np.random.default_rng(0))[..., 0]
    blocks = wide.reshape(180, 4, 320, 4)
    alike = (blocks == blocks[:, :1, :, :1]).all((1, 3))
    assert alike[140:].mean() > 0.8
