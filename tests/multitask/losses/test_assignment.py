import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.boxes import iou
from trainstudy.multitask.losses.assignment import TOP, assign

POINTS = torch.cartesian_prod(torch.arange(4.0, 64, 8), torch.arange(4.0, 64, 8))
seeds = st.integers(0, 2**31)


def drawn(seed, count=4, classes=3):
    """Predictions at 64 locations in two images, and some true boxes, large and tiny."""
    rng = torch.Generator().manual_seed(seed)
    reach = torch.rand(2, 64, 4, generator=rng) * 20
    predicted = torch.cat([POINTS - reach[..., :2], POINTS + reach[..., 2:]], -1)
    scores = torch.rand(2, 64, classes, generator=rng)
    corner = torch.rand(2, count, 2, generator=rng) * 40
    side = torch.rand(2, count, 2, generator=rng) ** 2 * 24
    labels = torch.randint(-1, classes, (2, count), generator=rng)
    return predicted, scores, torch.cat([corner, corner + side], -1), labels


def slow(predicted, scores, boxes, labels):
    """The rule for one image, location by location: {location: (box, alignment)}."""
    claims, metric = {}, {}
    for box, label in enumerate(labels.tolist()):
        if label < 0:
            continue
        middle = (boxes[box, :2] + boxes[box, 2:]) / 2
        half = ((boxes[box, 2:] - boxes[box, :2]) / 2).clamp(min=4)
        for place, point in enumerate(POINTS):
            if ((point - middle).abs() <= half).all():
                overlap = iou(predicted[place], boxes[box]).item()
                metric[place, box] = (scores[place, label].item() * overlap**6, overlap)
        mine = sorted((k for k in metric if k[1] == box), key=lambda k: -metric[k][0])
        for place, _ in mine[:TOP]:
            claims.setdefault(place, []).append(box)
    owner = {p: max(c, key=lambda box: metric[p, box][1]) for p, c in claims.items()}
    found = {}
    for place, box in owner.items():
        mine = [metric[p, b] for p, b in owner.items() if b == box]
        scale = max(m[1] for m in mine) / max(max(m[0] for m in mine), 1e-30)
        found[place] = (box, metric[place, box][0] * scale)
    return found


@settings(max_examples=25)
@given(seed=seeds)
def test_equals_the_rule_location_by_location(seed):
    predicted, scores, boxes, labels = drawn(seed)
    found = assign(POINTS, predicted, scores, boxes, labels, 8)
    for image in range(2):
        parts = (part[image] for part in (predicted, scores, boxes, labels))
        expected = {p: e for p, e in slow(*parts).items() if e[1] > 1e-4}  # powers underflow
        places = (found.alignment[image] > 1e-4).nonzero().flatten().tolist()
        assert set(places) == set(expected)
        for place in places:
            box, alignment = expected[place]
            assert found.box[image, place] == box
            assert found.alignment[image, place].item() == pytest.approx(alignment, rel=1e-3)
            overlap = iou(predicted[image, place], boxes[image, box])
            assert found.overlap[image, place] == pytest.approx(overlap.item())


@settings(max_examples=25)
@given(seed=seeds)
def test_padding_and_the_order_of_boxes_change_nothing(seed):
    predicted, scores, boxes, labels = drawn(seed)
    found = assign(POINTS, predicted, scores, boxes, labels, 8)
    turned = torch.cat([boxes.flip(1), torch.rand(2, 3, 4) * 60], 1)
    padded = torch.cat([labels.flip(1), torch.full((2, 3), -1)], 1)
    again = assign(POINTS, predicted, scores, turned, padded, 8)
    torch.testing.assert_close(again.alignment, found.alignment)
    torch.testing.assert_close(again.overlap, found.overlap)
    there = found.alignment > 0
    assert (again.box[there] == 3 - found.box[there]).all()


def test_a_box_smaller_than_a_cell_has_a_location():
    tiny = torch.tensor([[[30.0, 30, 33, 32]]])
    around = torch.cat([POINTS - 8, POINTS + 8], -1)[None]
    found = assign(POINTS, around, torch.ones(1, 64, 1), tiny, torch.zeros(1, 1).long(), 8)
    assert found.alignment.max() == iou(tiny, around).max() > 0


def test_of_two_boxes_the_one_overlapped_more_wins_not_the_one_scored_more():
    boxes, labels = torch.tensor([[[8.0, 8, 24, 24], [8, 8, 24, 26]]]), torch.tensor([[0, 1]])
    predicted = boxes[:, 1:].expand(1, 64, 4)
    scores = torch.tensor([0.9, 0.1]).expand(1, 64, 2)
    found = assign(POINTS, predicted, scores, boxes, labels, 8)
    assert (found.box[found.alignment > 0] == 1).all()
    assert (found.alignment > 0).sum() == 4


def test_no_boxes_assign_nothing():
    predicted, scores, boxes, _ = drawn(0)
    found = assign(POINTS, predicted, scores, boxes, torch.full((2, 4), -1), 8)
    assert (found.alignment == 0).all()
    assert (found.overlap == 0).all()
