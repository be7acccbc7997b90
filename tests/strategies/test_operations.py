import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance, ImageOps

from trainstudy.strategies import _operations as ops

PIXELS = np.random.default_rng(0).integers(10, 240, (24, 32, 3), dtype=np.uint8)
PICTURE = Image.fromarray(PIXELS)
IMAGE = torch.from_numpy(PIXELS).permute(2, 0, 1)[None].float()


def apply(operation, magnitude):
    return operation(IMAGE, torch.tensor([magnitude]))[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize(
    ("operation", "magnitude", "reference"),
    [
        (ops.brightness, 0.27, ImageEnhance.Brightness(PICTURE).enhance(1.27)),
        (ops.brightness, -0.27, ImageEnhance.Brightness(PICTURE).enhance(0.73)),
        (ops.color, 0.27, ImageEnhance.Color(PICTURE).enhance(1.27)),
        (ops.contrast, -0.27, ImageEnhance.Contrast(PICTURE).enhance(0.73)),
        (ops.autocontrast, 0.0, ImageOps.autocontrast(PICTURE)),
    ],
)
def test_equals_pillow(operation, magnitude, reference):
    assert np.abs(apply(operation, magnitude) - np.asarray(reference, dtype=float)).max() <= 2


@pytest.mark.parametrize(
    ("operation", "magnitude", "reference"),
    [
        (ops.posterize, 5.0, ImageOps.posterize(PICTURE, 5)),
        (ops.solarize, 180.0, ImageOps.solarize(PICTURE, 180)),
        (ops.invert, 0.0, ImageOps.invert(PICTURE)),
    ],
)
def test_equals_pillow_to_the_bit(operation, magnitude, reference):
    assert np.array_equal(apply(operation, magnitude), np.asarray(reference))


def test_sharpness_equals_pillow_inside():
    reference = np.asarray(ImageEnhance.Sharpness(PICTURE).enhance(1.27), dtype=float)
    assert np.abs(apply(ops.sharpness, 0.27) - reference)[1:-1, 1:-1].max() <= 2


def test_equalize_flattens_and_keeps_the_order():
    dark = (IMAGE / 4).round()
    flat = ops.equalize(dark, torch.zeros(1))
    assert flat.min() == 0
    assert flat.max() == 255
    order = dark[0, 0].flatten().argsort()
    assert (flat[0, 0].flatten()[order].diff() >= 0).all()
    assert torch.equal(ops.equalize(torch.full((1, 3, 4, 4), 9.0), torch.zeros(1)).unique(),
                       torch.tensor([9.0]))  # fmt: skip


def test_moving_by_whole_pixels_is_exact():
    labels = torch.randint(0, 3, (1, 24, 32), dtype=torch.uint8)
    matrix = torch.tensor([[[1.0, 0, 3], [0, 1, -2]]])
    image, label = ops.affine(IMAGE, labels, matrix)
    assert torch.allclose(image[..., 2:, :-3], IMAGE[..., :-2, 3:], atol=1e-2)
    assert torch.equal(label[:, 2:, :-3], labels[:, :-2, 3:])
    assert (label[:, :2] == 255).all()
    assert (label[..., -3:] == 255).all()
    assert torch.allclose(image[..., -3:], torch.zeros(1), atol=1e-2)


def test_turning_a_quarter_is_exact_on_any_shape():
    labels = torch.randint(0, 3, (1, 20, 20), dtype=torch.uint8)
    image = labels[:, None].expand(-1, 3, -1, -1).float()
    quarter = torch.tensor([[[0.0, -1, 0], [1, 0, 0]]])
    turned, label = ops.affine(image, labels, quarter)
    assert torch.equal(label, torch.rot90(labels, 1, (1, 2))) or torch.equal(
        label, torch.rot90(labels, -1, (1, 2))
    )
    assert torch.allclose(turned[:, 0], label.float(), atol=1e-2)
