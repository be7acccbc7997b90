import cv2
import numpy as np

from trainstudy.data.streets.noise import SIDE, frac, fractal, sample, tile


def test_fractal_noise_shows_the_same_clouds_at_another_size():
    small = fractal(np.random.default_rng(3), 48, 64)
    large = fractal(np.random.default_rng(3), 192, 256)
    shrunk = cv2.resize(large, (64, 48), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small.ravel(), shrunk.ravel())[0, 1] > 0.95
    assert 0 <= small.min() < small.max() <= 1


def test_the_tile_has_no_seam():
    texture = tile()
    inner = np.abs(np.diff(texture, axis=0)).mean()
    assert np.abs(texture[0] - texture[-1]).mean() < 1.5 * inner


def test_sampling_repeats_with_the_tile():
    u, v = np.random.default_rng(0).uniform(0, SIDE, (2, 100)).astype(np.float32)
    np.testing.assert_array_equal(sample(u, v), sample(u.astype(int) + SIDE, v.astype(int) + SIDE))


def test_the_fraction_is_never_negative():
    np.testing.assert_allclose(frac(np.array([-0.25, 0.0, 2.75])), [0.75, 0.0, 0.75])
