import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.segmentation.crops import PADDING, random_crop


def draws(count, seed=0):
    return [np.random.default_rng([seed, index]) for index in range(count)]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), height=st.integers(8, 60), width=st.integers(8, 60))
def test_image_and_label_stay_together(seed, height, width):
    labels = torch.arange(40 * 50).view(1, 40, 50).div(500, rounding_mode="floor").to(torch.uint8)
    images = (labels * 60).unsqueeze(1).expand(1, 3, 40, 50).contiguous()
    crop, target = random_crop(images, labels, (height, width), draws(1, seed))
    assert crop.shape == (1, 3, height, width)
    assert target.shape == (1, height, width)
    valid = target[0] != 255
    assert valid.any()
    # bilinear and nearest sampling differ only along the borders between two classes
    off = (crop[0, 0].float() / 60 - target[0].float()).abs()[valid] > 0.51
    assert off.float().mean() < 0.2


def test_each_image_follows_its_own_generator():
    images = torch.randint(0, 255, (3, 3, 32, 32), dtype=torch.uint8)
    labels = torch.randint(0, 3, (3, 32, 32), dtype=torch.uint8)
    together, _ = random_crop(images, labels, (16, 16), draws(3))
    alone, _ = random_crop(images[1:2], labels[1:2], (16, 16), draws(3)[1:2])
    assert torch.equal(together[1:2], alone)


def test_what_lies_outside_is_ignored_by_the_loss():
    images = torch.full((8, 3, 10, 10), 200, dtype=torch.uint8)
    labels = torch.ones(8, 10, 10, dtype=torch.uint8)
    crop, target = random_crop(images, labels, (30, 30), draws(8))
    assert set(target.unique().tolist()) == {1, 255}
    outside = crop.permute(0, 2, 3, 1)[target == 255]
    assert (outside == torch.tensor(PADDING)).all()
