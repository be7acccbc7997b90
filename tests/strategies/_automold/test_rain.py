import numpy as np

from trainstudy.strategies._automold import rain


def test_rain_takes_light_and_adds_grey_lines():
    black = np.zeros((180, 320, 3), np.uint8)
    white = np.full_like(black, 255)
    for seed in range(10):
        lines = rain.apply(black, np.random.default_rng(seed))
        assert 0.1 < (lines > 0).any(2).mean() < 0.6
        assert np.ptp(lines, axis=2).max() == 0
        assert lines.max() <= 0.7 * 200 + 1
        assert rain.apply(white, np.random.default_rng(seed)).max() <= np.rint(0.7 * 255)


def test_the_lines_of_one_image_have_one_slant():
    black = np.zeros((360, 640, 3), np.uint8)
    seen = rain.apply(black, np.random.default_rng(3))[..., 0].astype(float)
    # two rows are alike where one is shifted by the slant: one shift stands out
    shifts = [(seen[:-4] * np.roll(seen[4:], shift, 1)).sum() for shift in range(-8, 9)]
    assert max(shifts) > 1.2 * np.median(shifts)


def test_a_smaller_image_is_covered_alike():
    large, small = (
        np.mean([rain.apply(black, np.random.default_rng(seed)).mean() for seed in range(20)])
        for black in (np.zeros((720, 1280, 3), np.uint8), np.zeros((180, 320, 3), np.uint8))
    )
    assert 0.8 < small / large < 1.25
