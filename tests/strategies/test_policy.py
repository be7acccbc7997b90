import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trainstudy.strategies import _operations as ops
from trainstudy.strategies._policy import NAMES, apply

SIZE = 24
STEPS = st.tuples(st.sampled_from(NAMES), st.floats(-1, 1))


def scene(count):
    rng = np.random.default_rng(0)
    labels = torch.from_numpy(rng.integers(0, 3, (count, SIZE, SIZE), dtype=np.uint8))
    return torch.from_numpy(rng.integers(0, 256, (count, 3, SIZE, SIZE))).float(), labels


@settings(max_examples=50)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_a_batch_is_its_images_one_by_one(steps):
    pixels, labels = scene(len(steps))
    apply(pixels, labels, steps)
    for row, step in enumerate(steps):
        alone, label = (part[row : row + 1].clone() for part in scene(len(steps)))
        apply(alone, label, [step])
        assert torch.allclose(pixels[row], alone[0], atol=1e-3)
        assert torch.equal(labels[row], label[0])
        assert alone.min() >= 0
        assert alone.max() < 255.01
        if step[0] == "identity":
            assert torch.equal(pixels[row], scene(len(steps))[0][row])


@pytest.mark.parametrize(
    ("step", "operation", "magnitude"),
    [
        (("contrast", -1), ops.contrast, -0.9),
        (("brightness", 0.3), ops.brightness, 0.27),
        (("posterize", -0.3), ops.posterize, 7),
        (("posterize", 1), ops.posterize, 4),
        (("solarize", 0.2), ops.solarize, 204),
        (("invert", 0.2), ops.invert, 0),
    ],
)
def test_strength_is_a_share_of_the_range(step, operation, magnitude):
    pixels, labels = scene(1)
    expected = operation(pixels, torch.tensor([float(magnitude)]))
    apply(pixels, labels, [step])
    assert torch.allclose(pixels, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("step", "matrix"),  # of Pillow: output to input, about the centre
    [
        (("rotate", 1), [[math.cos(math.pi / 6), -0.5, 0], [0.5, math.cos(math.pi / 6), 0]]),
        (("shear_x", -1), [[1, -0.3, 0], [0, 1, 0]]),
        (("shear_y", 0.5), [[1, 0, 0], [0.15, 1, 0]]),
        (("translate_x", 1), [[1, 0, 150 / 331 * 60], [0, 1, 0]]),
        (("translate_y", -0.4), [[1, 0, 0], [0, 1, -60 / 331 * 40]]),
    ],
)
def test_geometry_moves_labels_as_pillow_does(step, matrix):
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, (10, 15), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    transform, centre = np.array(matrix), np.array([30, 20])
    transform[:, 2] += centre - transform[:, :2] @ centre
    moved = Image.fromarray(label).transform(
        (60, 40), Image.Transform.AFFINE, transform.flatten().tolist(), fillcolor=255
    )
    labels = torch.from_numpy(label)[None]
    apply(torch.zeros(1, 3, 40, 60), labels, [step])
    # pixels that fall between two may go either way
    assert (labels[0].numpy() == np.asarray(moved)).mean() > 0.98
