import numpy as np
import torch

from trainstudy.strategies import get
from trainstudy.strategies._partners import partners

STRATEGY = get("std_mixup")


def test_images_are_blended_by_the_weights_of_their_labels(batch, draws):
    images, labels = batch(20)
    seen = STRATEGY.augment(images, labels, draws(20))
    other = partners(draws(20))
    share = seen.weights[:, 0].view(-1, 1, 1, 1)
    blend = share * images + (1 - share) * images[other]
    assert (seen.images - blend).abs().max() <= 0.51
    assert torch.equal(seen.labels, torch.stack((labels, labels[other]), 1))


def test_shares_follow_their_distribution(batch, draws):
    shares = STRATEGY.augment(*batch(2000, size=4), draws(2000)).weights[:, 0].numpy()
    alpha = 0.2
    assert abs(shares.mean() - 0.5) < 0.05
    assert abs(shares.var() - 0.25 / (2 * alpha + 1)) < 0.01
    assert np.mean((shares < 0.1) | (shares > 0.9)) > 0.5  # most images are nearly one of the two


def test_an_image_that_keeps_its_whole_share_keeps_its_bits(batch, draws):
    images, labels = batch(500, size=4)
    seen = STRATEGY.augment(images, labels, draws(500))
    whole = seen.weights[:, 0] == 1
    assert whole.any()
    assert torch.equal(seen.images[whole], images[whole])


def test_a_batch_of_one_stays_as_it_is(batch, draws):
    images, labels = batch(1)
    seen = STRATEGY.augment(images, labels, draws(1))
    assert torch.equal(seen.images, images)
    assert seen.weights is None
