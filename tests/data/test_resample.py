import numpy as np
import pytest
import torch

from trainstudy.data.resample import Axis, colour, resample

IMAGES = torch.arange(2 * 3 * 4 * 6, dtype=torch.uint8).view(2, 3, 4, 6)
LABELS = torch.arange(2 * 4 * 6, dtype=torch.uint8).view(2, 4, 6)


def axis(positions, inside=None):
    found = np.tile(np.asarray(positions, np.float32), (2, 1))
    return Axis(found, np.ones_like(found, bool) if inside is None else np.tile(inside, (2, 1)))


WHOLE = axis(np.arange(4) + 0.5), axis(np.arange(6) + 0.5)


def test_at_their_own_pixels_images_and_labels_are_what_they_were():
    found = resample(IMAGES, LABELS, *WHOLE)
    torch.testing.assert_close(found.images, IMAGES.float(), atol=1e-4, rtol=0)
    assert torch.equal(found.labels, LABELS)
    assert found.inside.all()


def test_between_pixels_images_are_mixed_and_labels_are_the_nearest():
    down, across = axis([0.5]), axis([1.25])  # a quarter before the middle between two
    found = resample(IMAGES, LABELS, down, across)
    expected = 0.25 * IMAGES[:, :, :1, 0].float() + 0.75 * IMAGES[:, :, :1, 1].float()
    torch.testing.assert_close(found.images[..., 0], expected, atol=1e-4, rtol=0)
    assert torch.equal(found.labels[:, 0, 0], LABELS[:, 0, 1])


@pytest.mark.parametrize("beyond", [-3.0, 9.0])
def test_beyond_the_border_there_is_the_outermost_pixel(beyond):
    found = resample(IMAGES, LABELS, WHOLE[0], axis([beyond]))
    column = 0 if beyond < 0 else 5
    torch.testing.assert_close(found.images[..., 0], IMAGES[..., column].float(), atol=1e-4, rtol=0)
    assert torch.equal(found.labels[..., 0], LABELS[..., column])


def test_a_place_is_inside_where_both_axes_say_so():
    down = axis([0.5, 1.5], np.array([True, False]))
    across = axis([0.5, 1.5, 2.5], np.array([False, True, True]))
    found = resample(IMAGES, LABELS, down, across)
    assert found.inside.tolist() == [[[False, True, True], [False] * 3]] * 2
    assert int(found.labels.max()) <= int(LABELS.max())  # and what is not is no wild address


def test_an_axis_is_turned_in_the_images_that_ask_for_it():
    down, across = WHOLE
    found = resample(IMAGES, LABELS, down, across.flipped(np.array([False, True])))
    assert torch.equal(found.labels, torch.stack([LABELS[0], LABELS[1].flip(1)]))
    torch.testing.assert_close(found.images[1], IMAGES[1].flip(2).float(), atol=1e-4, rtol=0)


def test_labels_are_left_alone_where_there_are_none():
    assert resample(IMAGES, None, *WHOLE).labels is None


def test_a_colour_is_made_once():
    device = torch.device("cpu")
    assert colour((1, 2, 3), device) is colour((1, 2, 3), device)
    assert colour((1, 2, 3), device).shape == (3, 1, 1)
