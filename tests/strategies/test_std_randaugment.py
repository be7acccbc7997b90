import numpy as np
import torch

from trainstudy.strategies import get
from trainstudy.strategies.std_randaugment import NAMES

STRATEGY = get("std_randaugment")


def batch(count=40):
    torch.manual_seed(0)
    labels = torch.randint(0, 3, (count, 4, 4), dtype=torch.uint8)
    labels = labels.repeat_interleave(8, 1).repeat_interleave(8, 2)
    return (labels * 80 + 20).unsqueeze(1).expand(-1, 3, -1, -1).contiguous(), labels


def draws(count, seed=0):
    return [np.random.default_rng([seed, index]) for index in range(count)]


def test_keeps_shapes_and_types_and_changes_most_images():
    images, labels = batch()
    seen, target = STRATEGY.augment(images, labels.clone(), draws(40))
    assert (seen.shape, seen.dtype) == (images.shape, torch.uint8)
    assert (target.shape, target.dtype) == (labels.shape, torch.uint8)
    changed = (seen != images).flatten(1).any(1).float().mean()
    assert changed > 0.8
    assert set(target.unique().tolist()) <= {0, 1, 2, 255}


def test_labels_move_with_the_pixels_and_nothing_else_touches_them():
    images, labels = batch(200)
    seen, target = STRATEGY.augment(images, labels.clone(), draws(200))
    still = (target == labels).flatten(1).all(1)
    # 5 of 14 operations are geometric; two are drawn: 41 % of the images stay where they are
    assert 0.3 < still.float().mean() < 0.55
    for image, label in zip(seen[~still], target[~still], strict=True):
        levels = [image[0][label == value].float() for value in range(3)]
        means = torch.stack([level.mean() for level in levels if len(level) > 20])
        spread = max(level.std() for level in levels if len(level) > 20)
        if means.max() - means.min() > 60:  # not solarised or equalised into one
            assert spread < 60, "classes must still be told by their colour"


def test_each_image_follows_its_own_generator():
    images, labels = batch(6)
    together, _ = STRATEGY.augment(images, labels.clone(), draws(6))
    alone, _ = STRATEGY.augment(images[3:4], labels[3:4].clone(), draws(6)[3:4])
    assert torch.equal(together[3:4], alone)


def test_has_the_fourteen_operations():
    assert len(NAMES) == 14
