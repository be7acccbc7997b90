import numpy as np
import torch

from trainstudy.strategies import get
from trainstudy.strategies._partners import partners
from trainstudy.strategies.std_cutmix import box

STRATEGY = get("std_cutmix")


def test_the_box_is_the_partners_and_the_rest_keeps_its_bits(batch, draws):
    images, labels = batch(20)
    seen = STRATEGY.augment(images, labels, draws(20))
    drawn = draws(20)
    for row, other in enumerate(partners(drawn)):
        top, bottom, left, right = box(drawn[row], 32, 32)
        for now, before in ((seen.images, images), (seen.labels, labels)):
            expected = before[row].clone()
            expected[..., top:bottom, left:right] = before[other, ..., top:bottom, left:right]
            assert torch.equal(now[row], expected)


def test_a_box_takes_any_share_of_any_place(draws):
    boxes = np.array([box(draw, 120, 200) for draw in draws(2000)])
    top, bottom, left, right = boxes.T
    assert ((top >= 0) & (top <= bottom) & (bottom <= 120)).all()
    assert ((left >= 0) & (left <= right) & (right <= 200)).all()
    whole = (top > 0) & (bottom < 120) & (left > 0) & (right < 200)  # not clipped by the border
    assert np.abs((bottom - top)[whole] / 120 - (right - left)[whole] / 200).max() < 0.03
    # uniform area a = s^2: a side is 2/3 in the mean, and a centre uniform along it clips s^2/4
    sides = (bottom - top) / 120, (right - left) / 200
    for side in sides:
        assert abs(side.mean() - (2 / 3 - 1 / 8)) < 0.02
    covered = np.zeros((120, 200))
    for first, last, start, end in boxes:
        covered[first:last, start:end] += 1 / len(boxes)
    assert covered.min() > 0.1


def test_a_batch_of_one_stays_as_it_is(batch, draws):
    images, labels = batch(1)
    seen = STRATEGY.augment(images, labels, draws(1))
    assert torch.equal(seen.images, images)
    assert torch.equal(seen.labels, labels)
