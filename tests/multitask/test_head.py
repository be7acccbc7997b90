import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from trainstudy.multitask.head import BOX, PRIOR, START, Head, channels_of

COUNTS = st.integers(1, 90)
CHANNELS = channels_of({"det": 3, "seg": 4, "cls": 2})
WIDTH = 32


@pytest.fixture
def levels():
    return [torch.randn(2, WIDTH, *size) for size in ((6, 8), (3, 4), (2, 2))]


@given(COUNTS, COUNTS, COUNTS)
def test_the_channels_of_the_tasks_stand_side_by_side(det, seg, cls):
    channels = channels_of({"cls": cls, "seg": seg, "det": det})
    assert [s.stop - s.start for s in channels.values()] == [BOX + 1 + det, seg, cls]
    total = range(BOX + 1 + det + seg + cls)
    assert [place for part in channels.values() for place in total[part]] == [*total]


@pytest.mark.parametrize("classes", [{"seg": 1, "det": 1}, {"seg": 0, "det": 1, "cls": 1}])
def test_every_task_needs_classes(classes):
    with pytest.raises(ValueError, match="classes: expected counts of det, seg and cls, got"):
        channels_of(classes)


def test_it_starts_at_the_prior_and_at_boxes_of_one_size(levels):
    for maps in Head(WIDTH, CHANNELS, 3)(levels):
        distances, scores = maps[:, :BOX], maps[:, BOX + 1 : CHANNELS["det"].stop].sigmoid()
        assert distances.mean().item() == pytest.approx(START, abs=0.2)
        assert scores.mean().item() == pytest.approx(PRIOR, abs=0.003)


def test_distances_stay_positive_and_finite(levels):
    head = Head(WIDTH, CHANNELS, 3)
    with torch.no_grad():
        head.output.weight.mul_(1e4)
        for maps in head(levels):
            distances = maps[:, :BOX]
            assert distances.isfinite().all()
            assert (distances >= 0).all()


def test_a_scale_is_of_the_distances_of_one_level(levels):
    head = Head(WIDTH, CHANNELS, 3)
    before = head(levels)
    with torch.no_grad():
        head.scales[1] *= 2
    moved = [(a != b).any((0, 2, 3)) for a, b in zip(before, head(levels), strict=True)]
    assert [m[:BOX].all().item() for m in moved] == [False, True, False]
    assert not any(m[BOX:].any() for m in moved)


def test_a_row_of_the_last_layer_is_one_channel(levels):
    head = Head(WIDTH, CHANNELS, 3)
    before = head(levels)
    with torch.no_grad():
        head.output.weight[CHANNELS["seg"]] += 1
    for old, new in zip(before, head(levels), strict=True):
        moved = (old != new).any(3).any(2).any(0)
        assert moved.nonzero().flatten().tolist() == [*range(20)[CHANNELS["seg"]]]


def test_one_branch_of_three_layers():
    layers = [m for m in Head(WIDTH, CHANNELS, 3).modules() if isinstance(m, nn.Conv2d)]
    assert [layer.kernel_size[0] for layer in layers] == [3, 3, 1]
    assert [layer.in_channels for layer in layers] == [WIDTH] * 3
