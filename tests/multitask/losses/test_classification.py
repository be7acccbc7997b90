import pytest
import torch

from trainstudy.multitask.losses import classification_loss
from trainstudy.multitask.losses.classification import KINDS

LOGITS = torch.randn(6, 10, generator=torch.Generator().manual_seed(0)).requires_grad_()
LABELS = torch.tensor([0, 3, 3, 9, 1, 0])


def test_smoothing_spreads_a_share_over_all_classes():
    log = LOGITS.log_softmax(1)
    own = -log[torch.arange(6), LABELS]
    expected = (0.8 * own - 0.2 * log.mean(1)).mean()
    torch.testing.assert_close(classification_loss(LOGITS, LABELS, smoothing=0.2), expected)


def test_focal_weighs_by_what_is_missing():
    p = LOGITS.softmax(1)[torch.arange(6), LABELS]
    expected = (-((1 - p) ** 2) * p.log()).mean()
    torch.testing.assert_close(classification_loss(LOGITS, LABELS, kind="focal"), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_no_host_waits_and_single_precision(kind, without_host):
    without_host(lambda x, y: classification_loss(x, y, kind=kind), LOGITS, LABELS)
    half = classification_loss(LOGITS.bfloat16(), LABELS, kind=kind)
    assert half.dtype == torch.float32


def test_a_right_and_sure_answer_costs_and_teaches_nothing():
    sure = (100 * torch.eye(10)).requires_grad_()
    loss = classification_loss(sure, torch.arange(10), kind="focal")
    loss.backward()
    assert loss.item() == 0
    assert (sure.grad == 0).all()


def test_another_kind_is_an_error():
    with pytest.raises(ValueError, match="classification loss 'dice'; accepted: ce, focal"):
        classification_loss(LOGITS, LABELS, kind="dice")
