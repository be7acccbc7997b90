import torch


def test_every_loss_counts_as_it_is(make, step, gradients):
    rows = gradients(0)
    weights, update = step(make("equal"), rows, [1.0, 10.0, 100.0])
    assert weights.tolist() == [1, 1, 1]
    torch.testing.assert_close(update, rows.sum(0))
