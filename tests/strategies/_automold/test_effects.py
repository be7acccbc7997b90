"""What every effect of Automold has in common."""

import numpy as np
import pytest

from trainstudy.strategies._automold import EFFECTS

SIZES = ((24, 32), (96, 128), (64, 200))


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_follows_its_generator_alone_and_leaves_its_image_as_it_was(name, street):
    before = street.copy()
    first, same, other = (EFFECTS[name](street, np.random.default_rng(s)) for s in (0, 0, 1))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
    assert np.array_equal(street, before)
    assert (first.shape, first.dtype) == (street.shape, np.uint8)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_works_on_images_of_any_size_and_of_one_colour(name, size, noise):
    for image in (noise(*size, 3), *(np.full((*size, 3), level, np.uint8) for level in (0, 255))):
        assert EFFECTS[name](image, np.random.default_rng(0)).shape == image.shape


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_seen_in_every_street(name, street):
    for seed in range(10):
        seen = EFFECTS[name](street, np.random.default_rng(seed))
        assert np.abs(seen.astype(int) - street).mean() > 0.2, f"seed {seed}"
