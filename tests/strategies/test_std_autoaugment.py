from collections import Counter

import pytest
import torch

from trainstudy.strategies import get
from trainstudy.strategies.std_autoaugment import SUB_POLICIES

STRATEGY = get("std_autoaugment")
COUNT = 5000


@pytest.fixture
def steps(draws):
    return [STRATEGY.steps(draw) for draw in draws(COUNT)]


def test_operations_come_as_often_as_the_policy_says(steps):
    expected = Counter()
    for pair in SUB_POLICIES:
        for name, probability, _ in pair:
            expected[name] += probability / len(SUB_POLICIES)
    seen = Counter(name for pair in steps for name, _ in pair)
    assert set(seen) == {name for name, share in expected.items() if share} | {"identity"}
    for name, share in expected.items():
        assert abs(seen[name] / COUNT - share) < 5 * (share / COUNT) ** 0.5, name


def test_strengths_are_levels_with_either_sign(steps):
    for name, levels in {"rotate": {3, 8, 9}, "color": {0, 2, 4, 8}, "sharpness": {7}}.items():
        strengths = {strength for pair in steps for step, strength in pair if step == name}
        assert strengths == {sign * level / 9 for level in levels for sign in (1, -1)}


def test_operations_keep_to_their_pair(steps):
    pairs = [tuple(name for name, _, _ in pair) for pair in SUB_POLICIES]
    assert len(pairs) == 25
    for first, second in steps:
        assert any(
            first[0] in (one, "identity") and second[0] in (two, "identity") for one, two in pairs
        )


def test_images_without_an_operation_keep_their_bits_and_only_geometry_moves_labels(batch, draws):
    names = [{name for name, _ in STRATEGY.steps(draw)} for draw in draws(200)]
    images, labels = batch(200)
    seen = STRATEGY.augment(images, labels, draws(200))
    for row, chosen in enumerate(names):
        moved = not torch.equal(seen.labels[row], labels[row])
        assert moved == bool(chosen & {"rotate", "shear_x"})
        assert chosen != {"identity"} or torch.equal(seen.images[row], images[row])
    assert {"identity"} in names
