import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.training.randomness import generator, sample_order, seed_torch

small = st.integers(0, 1_000)


@given(size=st.integers(1, 20), start=small, first=st.integers(1, 30), second=st.integers(1, 30))
def test_order_does_not_depend_on_where_one_starts(size, start, first, second):
    whole = sample_order(1, "order", size, start, first + second)
    parts = [
        *sample_order(1, "order", size, start, first),
        *sample_order(1, "order", size, start + first, second),
    ]
    assert whole == parts


@given(size=st.integers(1, 20), epoch=small)
def test_every_pass_sees_every_sample_once(size, epoch):
    assert sorted(sample_order(5, "order", size, epoch * size, size)) == list(range(size))


def test_an_empty_set_is_refused():
    with pytest.raises(ValueError, match="'order' samples from an empty set"):
        sample_order(0, "order", 0, 0, 1)


def test_seed_purpose_and_indices_all_matter():
    places = [(0, "a", 1), (1, "a", 1), (0, "b", 1), (0, "a", 2), (0, "a", 1, 0)]
    drawn = [generator(*place).random(4).tolist() for place in places]
    assert len({tuple(values) for values in drawn}) == len(places)
    assert drawn[0] == generator(*places[0]).random(4).tolist()


def test_torch_draws_follow_the_place_alone():
    seed_torch(3, "step", 10)
    first = torch.rand(5)
    torch.rand(100)
    seed_torch(3, "step", 10)
    assert torch.equal(first, torch.rand(5))


def test_draws_of_neighbouring_iterations_are_uncorrelated():
    drawn = np.array([generator(0, "augment", i, 0).random() for i in range(4_000)])
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.05
    assert abs(drawn.mean() - 0.5) < 0.02
