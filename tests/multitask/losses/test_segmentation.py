import pytest
import torch
import torch.nn.functional as F

from trainstudy.multitask.losses import segmentation_loss
from trainstudy.multitask.losses.segmentation import KINDS


@pytest.fixture
def logits():
    rng = torch.Generator().manual_seed(0)
    return torch.randn(3, 5, 8, 7, generator=rng).requires_grad_()


@pytest.fixture
def labels():
    """Classes 0 to 3 of five; the top rows and the whole last image are not labelled."""
    drawn = torch.randint(0, 4, (3, 8, 7), generator=torch.Generator().manual_seed(1))
    drawn[:, :2] = 255
    drawn[2] = 255
    return drawn.to(torch.uint8)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_is_the_mean_over_labelled_pixels(logits, labels, smoothing):
    expected = F.cross_entropy(logits, labels.long(), ignore_index=255, label_smoothing=smoothing)
    torch.testing.assert_close(segmentation_loss(logits, labels, "ce", smoothing), expected)


def test_focal_by_hand(logits, labels):
    p = logits.softmax(1).permute(0, 2, 3, 1)[labels != 255]
    p = p.gather(1, labels[labels != 255].long()[:, None])
    torch.testing.assert_close(
        segmentation_loss(logits, labels, "focal"), (-((1 - p) ** 2) * p.log()).mean()
    )


def test_dice_by_hand(logits, labels):
    p = logits.softmax(1).permute(0, 2, 3, 1)[labels != 255]
    truth = labels[labels != 255]
    parts = []
    for own in range(4):  # nothing is labelled as the fifth class
        g = (truth == own).float()
        parts.append(1 - 2 * (p[:, own] * g).sum() / ((p[:, own] ** 2).sum() + g.sum()))
    added = segmentation_loss(logits, labels, "ce_dice") - segmentation_loss(logits, labels)
    torch.testing.assert_close(added, torch.stack(parts).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_without_a_label_neither_cost_nor_teach(logits, labels, kind):
    changed = torch.where((labels == 255)[:, None], 9 * logits.detach().flip(1), logits)
    loss = segmentation_loss(changed, labels, kind)
    torch.testing.assert_close(loss, segmentation_loss(logits, labels, kind))
    (gradient,) = torch.autograd.grad(segmentation_loss(logits, labels, kind), logits)
    assert (gradient.permute(0, 2, 3, 1)[labels == 255] == 0).all()
    assert (gradient.permute(0, 2, 3, 1)[labels != 255] != 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_images_without_any_label_cost_zero_and_not_nan(logits, kind):
    loss = segmentation_loss(logits, torch.full((3, 8, 7), 255, dtype=torch.uint8), kind)
    loss.backward()
    assert loss.item() == 0
    assert (logits.grad == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_and_sure_answer_costs_nothing(labels, kind):
    sure = 100 * F.one_hot(labels.long() % 255, 5).permute(0, 3, 1, 2).float()
    assert segmentation_loss(sure, labels, kind).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_no_host_waits_and_single_precision(logits, labels, kind, without_host):
    without_host(lambda x, y: segmentation_loss(x, y, kind), logits, labels)
    assert segmentation_loss(logits.bfloat16(), labels, kind).dtype == torch.float32


def test_another_kind_is_an_error(logits, labels):
    with pytest.raises(ValueError, match="segmentation loss 'bce'; accepted: ce, ce_dice, focal"):
        segmentation_loss(logits, labels, "bce")
