import numpy as np
import pytest

from trainstudy.generation.swd import sliced_wasserstein


@pytest.fixture
def images():
    """Smooth noise of both halves of a set."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(60, 180, (8, 12, 12, 3), dtype=np.uint8)
    return coarse.repeat(4, 1).repeat(4, 2) + rng.integers(0, 20, (8, 48, 48, 3), dtype=np.uint8)


def test_equal_sets_are_at_no_distance(images):
    assert sliced_wasserstein(images, images) == 0


def test_a_growing_shift_of_colour_is_a_growing_distance(images):
    shifts = (0, 5, 20, 50)
    shifted = [images + np.array((shift, 0, 0), np.uint8) for shift in shifts]
    distances = [sliced_wasserstein(one, images) for one in shifted]
    assert distances == sorted(distances)
    assert distances[1] > 0


def test_halves_of_one_set_are_nearer_than_darkened_or_blurred_ones(images):
    level = sliced_wasserstein(images[:4], images[4:])
    assert sliced_wasserstein(images[:4] // 2, images[4:]) > 2 * level
    blurred = images[:, ::8, ::8].repeat(8, 1).repeat(8, 2)
    assert sliced_wasserstein(blurred[:4], images[4:]) > 2 * level


def test_sets_that_cannot_be_compared_are_refused(images):
    with pytest.raises(ValueError, match=r"\(7, 48, 48, 3\) and \(8, 48, 48, 3\)"):
        sliced_wasserstein(images[1:], images)
    with pytest.raises(ValueError, match="16 pixels or more"):
        sliced_wasserstein(images[:, :12], images[:, :12])
