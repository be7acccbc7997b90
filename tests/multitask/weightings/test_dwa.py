import torch
from torchjd.scalarization import DWA

from trainstudy.multitask.weightings import get

EPOCH = 4


def series(epochs):
    return torch.rand(epochs * EPOCH, 3, generator=torch.Generator().manual_seed(0)) + 0.5


def weights(losses):
    weighting = get("dwa")(("seg", "det", "cls"), EPOCH)
    return torch.stack([weighting.weigh(each) for each in losses])


def test_equals_torchjd_which_is_told_where_epochs_end():
    reference, wanted = DWA(temperature=2), []
    for place, losses in enumerate(series(5), start=1):
        seen = losses.clone().requires_grad_()
        reference(seen).backward()
        wanted.append(seen.grad)
        if place % EPOCH == 0:
            reference.step()
    torch.testing.assert_close(weights(series(5)), torch.stack(wanted))


def test_weights_are_equal_for_two_epochs_and_then_change_once_an_epoch():
    found = weights(series(4)).view(4, EPOCH, 3)
    assert (found[:2] == 1).all()
    assert (found == found[:, :1]).all()
    assert not torch.equal(found[2, 0], found[3, 0])


def test_the_unit_of_a_loss_does_not_matter():
    torch.testing.assert_close(
        weights(series(4) * torch.tensor([1.0, 10, 0.1])), weights(series(4))
    )


def test_the_loss_that_falls_slowest_counts_most():
    falling = torch.tensor([0.99, 0.9, 0.8]) ** torch.arange(3 * EPOCH)[:, None]
    slow, middle, fast = weights(falling)[-1].tolist()
    assert slow > middle > fast
