import numpy as np
import pytest

from trainstudy.data.weather.particles import streaks


def layer(depth, distance=5.0, count=200, thickness=0.02):
    rng = np.random.default_rng(0)
    return streaks(np.asarray(depth, np.float32), distance, count, 0.3, thickness, 0.1, rng)


def test_streaks_are_hidden_by_what_is_nearer():
    depth = np.full((64, 96), 3.0)
    depth[:, 48:] = 50.0
    opacity = layer(depth)
    assert opacity[:, :48].max() == 0
    assert 0 < opacity[:, 48:].max() <= 1


def test_near_streaks_are_longer_and_stronger_than_far_ones():
    far_away = np.full((192, 256), 1e3)
    near, far = layer(far_away, 2.0, 40), layer(far_away, 40.0, 40)
    assert near.max() > far.max()
    assert (near > 0).sum() > 2 * (far > 0).sum()


@pytest.mark.parametrize("count", [0, 1, 50])
def test_the_number_of_streaks_counts(count):
    assert (layer(np.full((64, 96), 1e3), count=count).max() > 0) == (count > 0)
