from collections import Counter

import torch

from trainstudy.strategies import get
from trainstudy.strategies.std_randaugment import NAMES

STRATEGY = get("std_randaugment")


def test_draws_two_of_fourteen_uniformly_at_one_magnitude(draws):
    steps = [step for draw in draws(1400) for step in STRATEGY.steps(draw)]
    assert {abs(strength) for _, strength in steps} == {0.3}
    assert abs(sum(strength > 0 for _, strength in steps) - 1400) < 5 * 700**0.5
    counts = Counter(name for name, _ in steps)
    assert set(counts) == set(NAMES)
    assert len(NAMES) == 14
    assert all(abs(count - 200) < 5 * 200**0.5 for count in counts.values())


def test_labels_move_with_the_pixels_and_nothing_else_touches_them(batch, draws):
    images, labels = batch(200)
    seen, target, _ = STRATEGY.augment(images, labels, draws(200))
    still = (target == labels).flatten(1).all(1)
    # 5 of 14 operations are geometric; two are drawn: 41 % of the images stay where they are
    assert 0.3 < still.float().mean() < 0.55
    for image, label in zip(seen[~still], target[~still], strict=True):
        levels = [image[0][label == value].float() for value in range(3)]
        means = torch.stack([level.mean() for level in levels if len(level) > 20])
        spread = max(level.std() for level in levels if len(level) > 20)
        if means.max() - means.min() > 60:  # not solarised or equalised into one
            assert spread < 60, "classes must still be told by their colour"


def test_images_without_an_operation_keep_their_bits(batch, draws):
    idle = [{name for name, _ in STRATEGY.steps(draw)} == {"identity"} for draw in draws(600)]
    images, labels = batch(600, size=8)
    seen = STRATEGY.augment(images, labels, draws(600))
    assert any(idle)
    assert torch.equal(seen.images[idle], images[idle])
    assert torch.equal(seen.labels[idle], labels[idle])
