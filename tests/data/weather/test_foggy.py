import numpy as np

from trainstudy.data.streets.scene import Scene
from trainstudy.data.weather import foggy


def wall(depth, shade=40):
    """A scene of one colour whose columns are ever further away."""
    depth = np.tile(np.asarray(depth, np.float32), (8, 1))
    image = np.full((*depth.shape, 3), shade, np.uint8)
    return Scene(image, np.ones(depth.shape, np.uint8), depth)


def test_the_further_the_closer_to_the_airlight():
    for seed in range(20):
        image = foggy.apply(wall([1, 5, 20, 60, 200, np.inf]), np.random.default_rng(seed))
        row = image[0].astype(int)
        assert (np.diff(row, axis=0) > 0).any(axis=1)[:4].all()
        assert (np.abs(np.diff(np.abs(row - row[-1]), axis=0)) >= 0).all()
        assert (np.diff(np.abs(row - row[-1]).sum(axis=1)) <= 0).all()


def test_contrast_falls_exponentially_with_distance():
    """Koschmieder: the difference of two colours is the true one times exp(-beta d)."""
    depth = np.array([10.0, 20.0, 30.0])
    light = foggy.apply(wall(depth, 250), np.random.default_rng(1)).astype(float)
    dark = foggy.apply(wall(depth, 0), np.random.default_rng(1)).astype(float)
    through = (light - dark)[0, :, 0] / 250
    beta = -np.log(through) / depth
    np.testing.assert_allclose(beta, beta[0], rtol=0.05)
    low, high = foggy.VISIBILITY
    assert low <= 3.912 / beta.mean() <= high * 1.02


def test_there_is_no_fog_at_no_distance():
    image = foggy.apply(wall([1e-6]), np.random.default_rng(0))
    assert (image == 40).all()
