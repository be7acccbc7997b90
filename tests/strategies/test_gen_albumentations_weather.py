import numpy as np
import pytest

from trainstudy.strategies import get

STRATEGY = get("gen_albumentations_weather")


@pytest.fixture(scope="module")
def train():
    from trainstudy.data import synthetic

    return synthetic._scenes("s", ("new_town",), ("clear_day",), seed=1, count=3)


def test_one_image_of_each_weather_with_the_label_of_its_original(train):
    generated = STRATEGY.generate(train, 0, None)
    assert len(generated) == 9
    assert set(generated.domains) == {"foggy", "rainy", "snowy"}
    for index, name in enumerate(generated.names):
        original = index // 3
        assert name.startswith(train.names[original])
        assert (generated.labels[index] == train.labels[original]).all()
        difference = generated.images[index].astype(int) - train.images[original]
        assert np.abs(difference).mean() > 2, f"{name} is its original"


def test_follows_its_seed(train):
    first, same, other = (STRATEGY.generate(train, seed, None).fingerprint for seed in (0, 0, 1))
    assert first == same
    assert first != other


def test_half_of_every_batch_is_generated():
    assert STRATEGY.ratio == 0.5
