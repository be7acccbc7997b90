import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.boxes import area, giou, iou, nms

seeds = st.integers(0, 2**31)


def drawn(seed, *shape, side=64.0):
    rng = torch.Generator().manual_seed(seed)
    first, second = torch.rand(2, *shape, 2, generator=rng, dtype=torch.float64) * side
    return torch.cat([first, first + 1 + second / 2], -1)


def test_overlap_by_hand():
    one, other = torch.tensor([[0.0, 0, 4, 2], [2, 0, 6, 2]])
    assert iou(one, other) == pytest.approx(4 / 12)
    far = torch.tensor([6.0, 0, 8, 2])  # 4 + 8 of a hull of 16
    assert iou(one, far) == 0
    assert giou(one, far) == pytest.approx(-4 / 16)


@settings(max_examples=25)
@given(seed=seeds)
def test_overlap_is_symmetric_and_knows_neither_place_nor_scale(seed):
    a, b = drawn(seed, 9), drawn(seed + 1, 9)
    for measure in (iou, giou):
        torch.testing.assert_close(measure(a, b), measure(b, a))
        torch.testing.assert_close(measure(3 * a + 5, 3 * b + 5), measure(a, b))
        torch.testing.assert_close(measure(a, a), torch.ones_like(a[:, 0]))
    assert ((iou(a, b) >= 0) & (iou(a, b) <= 1)).all()
    rounding = 1e-12
    assert ((giou(a, b) <= iou(a, b) + rounding) & (giou(a, b) > -1)).all()


def test_pairs_come_by_broadcasting():
    a, b = drawn(0, 5), drawn(1, 7)
    table = iou(a[:, None], b)
    assert table.shape == (5, 7)
    assert table[3, 4] == iou(a[3], b[4])


def test_boxes_without_area_have_no_overlap_and_finite_gradients():
    empty = torch.zeros(2, 4, requires_grad=True)
    assert (area(torch.tensor([5.0, 5, 3, 9])) == 0).all()
    found = iou(empty, torch.zeros(2, 4)) + giou(empty, torch.tensor([1.0, 1, 2, 2]))
    found.sum().backward()
    assert torch.isfinite(found).all()
    assert torch.isfinite(empty.grad).all()


def loop(boxes, labels, threshold):
    """Suppression as it is usually written."""
    kept = []
    for one in range(len(boxes)):
        rivals = [k for k in kept if labels[k] == labels[one]]
        if all(iou(boxes[k], boxes[one]) <= threshold for k in rivals):
            kept.append(one)
    return kept


@settings(max_examples=25)
@given(seed=seeds, threshold=st.sampled_from([0.0, 0.1, 0.3, 0.6]))
def test_suppression_equals_the_loop_image_by_image(seed, threshold):
    boxes = drawn(seed, 2, 25, side=30.0)
    labels = torch.randint(0, 2, (2, 25), generator=torch.Generator().manual_seed(seed))
    kept = nms(boxes, labels, threshold)
    for image in range(2):
        expected = loop(boxes[image], labels[image], threshold)
        assert kept[image].nonzero().flatten().tolist() == expected


def test_what_is_suppressed_suppresses_nothing():
    row = torch.arange(9.0)[:, None] * 4  # each overlaps its neighbours only by more than a third
    boxes = torch.cat([row, row * 0, row + 10, row * 0 + 10], 1)
    assert nms(boxes, torch.zeros(9), 0.3).tolist() == [i % 2 == 0 for i in range(9)]
