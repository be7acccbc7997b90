import colorsys

import numpy as np
import pytest
import torch

from trainstudy.segmentation.models import load_openmm
from trainstudy.strategies import get
from trainstudy.strategies.std_photometric_distort import distort, distortion

STRATEGY = get("std_photometric_distort")
NEUTRAL = (0.0, 1.0, 1.0, 0.0, 1.0)
PICTURE = np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8)


def distorted(**steps):
    names = ("brightness", "before", "saturation", "hue", "after")
    row = [steps.get(name, value) for name, value in zip(names, NEUTRAL, strict=True)]
    images = torch.from_numpy(PICTURE).permute(2, 0, 1)[None]
    return distort(images, torch.tensor([row]))[0].permute(1, 2, 0).numpy()


@pytest.fixture
def theirs(monkeypatch):
    """mmsegmentation's steps, made to draw the values they are given."""
    load_openmm()
    from mmseg.datasets.transforms import PhotoMetricDistortion, transforms

    class Given:
        def __init__(self, value):
            self.value = value

        def randint(self, low, high=None):
            return 1 if high is None else self.value

        def uniform(self, low, high):
            return self.value

    def run(step, value):
        monkeypatch.setattr(transforms, "random", Given(value))
        image = np.ascontiguousarray(PICTURE[..., ::-1])  # BGR, as OpenCV has it
        return getattr(PhotoMetricDistortion(), step)(image)[..., ::-1].astype(float)

    return run


@pytest.mark.parametrize(
    ("step", "ours", "values", "most"),
    [  # theirs cuts to whole levels; in an 8-bit HSV saturation and hue are coarse besides: there
        # and back without a change alone costs up to 5 levels
        ("brightness", "brightness", (-32.0, -7.3, 20.6, 32.0), 1),
        ("contrast", "before", (0.5, 0.9, 1.2, 1.5), 1),
        ("contrast", "after", (0.5, 0.9, 1.2, 1.5), 1),
        ("saturation", "saturation", (0.5, 0.8, 1.0, 1.2, 1.5), 6),
        ("hue", "hue", (-18, -5, 0, 9, 17), 6),
    ],
)
def test_each_step_equals_mmsegmentations(theirs, step, ours, values, most):
    for value in values:
        difference = np.abs(distorted(**{ours: value}) - theirs(step, value))
        assert difference.max() < most
        assert difference.mean() < 0.75


@pytest.mark.parametrize("hue", [-18, -1, 0, 17])
@pytest.mark.parametrize("saturation", [0.5, 1.0, 1.5])
def test_saturation_and_hue_are_those_of_hsv(saturation, hue):
    ours = distorted(saturation=saturation, hue=hue).reshape(-1, 3)
    for pixel, seen in zip(PICTURE.reshape(-1, 3) / 255, ours, strict=True):
        h, s, v = colorsys.rgb_to_hsv(*pixel)
        expected = colorsys.hsv_to_rgb((h + hue / 180) % 1, min(1, s * saturation), v)
        assert np.abs(seen - np.multiply(expected, 255)).max() < 1e-3


def test_grey_stays_grey():
    grey = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16).expand(1, 3, -1, -1)
    seen = distort(grey, torch.tensor([[0.0, 1.0, 1.5, 17.0, 1.0]]))
    assert torch.equal(seen, grey.float())


def test_steps_come_in_order_and_each_clips():
    brighter = np.minimum(PICTURE + 32.0, 255)
    assert np.abs(distorted(brightness=32.0, before=0.5) - brighter / 2).max() < 1e-3
    both = distorted(brightness=32.0, before=1.5, after=0.5)
    assert np.abs(both - np.minimum(brighter * 1.5, 255) / 2).max() < 1e-3


def test_draws_as_mmsegmentation_does(draws):
    rows = np.array([distortion(draw) for draw in draws(4000)])
    brightness, before, saturation, hue, after = rows.T
    for values, neutral, low, high in (
        (brightness, 0, -32, 32),
        (before * after, 1, 0.5, 1.5),
        (saturation, 1, 0.5, 1.5),
    ):
        assert abs((values != neutral).mean() - 0.5) < 0.04
        assert low < values.min() < low + 0.02 * (high - low)
        assert high - 0.02 * (high - low) < values.max() < high
    assert set(hue) == set(range(-18, 18))
    assert not ((before != 1) & (after != 1)).any()
    assert abs((before != 1).mean() - 0.25) < 0.04


def test_images_without_a_step_keep_their_bits(batch, draws):
    idle = [distortion(draw) == NEUTRAL for draw in draws(100)]
    images, labels = batch(100)
    seen = STRATEGY.augment(images, labels, draws(100))
    assert any(idle)
    assert torch.equal(seen.images[idle], images[idle])
    assert torch.equal(seen.labels, labels)
