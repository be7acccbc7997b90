import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.data import augment as module
from trainstudy.multitask.data.augment import augment
from trainstudy.multitask.data.letterbox import PADDING
from trainstudy.multitask.data.store import Samples

EXTENT = (48, 64)  # of the images in their squares of 64


@pytest.fixture
def plain(monkeypatch):
    """Colours stay as they are."""
    monkeypatch.setattr(module, "distortion", lambda draw: (0.0, 1.0, 1.0, 0.0, 1.0))


def draws(count, seed=0):
    return [np.random.default_rng([seed, index]) for index in range(count)]


def run(task, samples, size, seed=0):
    count = len(samples.images)
    return augment(task, samples, np.array([EXTENT] * count), size, draws(count, seed))


def padded(count, value=0):
    images = torch.tensor(PADDING, dtype=torch.uint8).view(1, 3, 1, 1).repeat(count, 1, 64, 64)
    images[:, :, : EXTENT[0], : EXTENT[1]] = value
    return images


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), size=st.integers(16, 80))
@pytest.mark.usefixtures("plain")
def test_pixels_labels_and_boxes_stay_together(seed, size):
    # one light rectangle on black, labelled, and boxed
    left, top, right, bottom = 20, 12, 44, 40
    images, labels = padded(4), torch.full((4, 64, 64), 255, dtype=torch.uint8)
    images[:, :, top:bottom, left:right] = 240
    labels[:, : EXTENT[0], : EXTENT[1]] = 0
    labels[:, top:bottom, left:right] = 1
    boxes = torch.tensor([[left, top, right, bottom], [0, 0, 0, 0]]).float().repeat(4, 1, 1)
    kinds = torch.tensor([[3, -1]]).repeat(4, 1)
    masks = run("seg", Samples(images, labels, None), size, seed)
    found = run("det", Samples(images, kinds, boxes), size, seed)
    assert torch.equal(masks.images, found.images)
    assert masks.images.shape == (4, 3, size, size)
    light = masks.images[:, 0] > 180
    off = (light != (masks.labels == 1)) & (masks.labels != 255)
    assert off.float().mean() < 0.15
    assert (masks.images.permute(0, 2, 3, 1)[masks.labels == 255] == torch.tensor(PADDING)).all()
    assert (found.labels[:, 1] == -1).all()
    for shown, kind, box in zip(
        masks.labels == 1, found.labels[:, 0], found.boxes[:, 0], strict=True
    ):
        if kind < 0:
            assert not box.any()
            continue
        rows, columns = shown.any(1).nonzero(), shown.any(0).nonzero()
        edges = torch.stack([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]).ravel()
        assert (edges - box).abs().max() <= 1


@pytest.mark.usefixtures("plain")
def test_boxes_go_when_too_little_of_them_is_left():
    labels, boxes = torch.tensor([[1, 2, 3, 4, -1]]), torch.tensor([[
        [-30.0, 0, 10, 10],  # a quarter is left
        [-31.0, 0, 10, 10],  # less than a quarter
        [9.0, 9, 10.9, 30],  # thinner than two pixels
        [70.0, 0, 90, 10],  # outside
        [10.0, 10, 30, 30],  # none
    ]])  # fmt: skip
    kept, clipped = module._visible(labels, boxes, torch.tensor([[False]]), 40)
    assert kept.tolist() == [[1, -1, -1, -1, -1]]
    assert clipped[0, 0].tolist() == [0, 0, 10, 10]
    assert not clipped[0, 1:].any()
    mirrored = module._visible(labels, boxes, torch.tensor([[True]]), 40)[1]
    assert mirrored[0, 0].tolist() == [30, 0, 40, 10]


@pytest.mark.usefixtures("plain")
def test_a_crop_for_classification_shows_nothing_but_the_image():
    images = padded(32, value=7)
    labels = torch.arange(32)
    cropped = run("cls", Samples(images, labels, None), 40)
    assert (cropped.images == 7).all()
    assert torch.equal(cropped.labels, labels)


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6))
def test_windows_have_the_stated_sizes(seed):
    placed, part = (
        make(np.random.default_rng(seed), EXTENT, 64) for make in (module._placed, module._part)
    )
    assert placed.width == placed.height
    assert 0.5 <= 64 / placed.width <= 2
    for first, length, end in ((placed.left, placed.width, 64), (placed.top, placed.height, 48)):
        # the image holds the window, or the window the image
        assert min(first, end - first - length) >= -1e-9 or max(first, end - first - length) <= 1e-9
    assert -1e-9 <= part.left <= 64 - part.width + 1e-9
    assert -1e-9 <= part.top <= 48 - part.height + 1e-9
    # a long window is cut at the image's sides
    assert 0.25 <= part.width * part.height / (64 * 48) <= 1


def test_each_image_follows_its_own_generator():
    images = torch.randint(0, 255, (3, 3, 64, 64), dtype=torch.uint8)
    labels = torch.randint(0, 3, (3, 64, 64), dtype=torch.uint8)
    together = run("seg", Samples(images, labels, None), 32)
    one = Samples(images[1:2], labels[1:2], None)
    alone = augment("seg", one, np.array([EXTENT]), 32, draws(3)[1:2])
    assert torch.equal(together.images[1:2], alone.images)
    assert torch.equal(together.labels[1:2], alone.labels)
    assert not torch.equal(
        together.images[0], run("seg", Samples(images, labels, None), 32, 1).images[0]
    )
