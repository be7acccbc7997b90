import pytest
import torch
from torchjd.scalarization import UW


def test_equals_torchjd_for_regression_at_twice_the_losses(make, step, gradients):
    weighting, reference = make("uncertainty"), UW(3)
    for scale in (weighting.log_variance, reference.log_var):
        scale.data = torch.tensor([0.5, -1.0, 2.0])
    rows, losses = gradients(0), torch.tensor([3.0, 0.2, 1.0])
    weights, update = step(weighting, rows, losses)
    seen = (2 * losses).requires_grad_()
    reference(seen).backward()
    torch.testing.assert_close(weighting.log_variance.grad, reference.log_var.grad)
    torch.testing.assert_close(2 * seen.grad, weights)
    torch.testing.assert_close(update, weights @ rows)


def test_an_optimizer_finds_the_inverse_of_twice_the_losses(make, step):
    weighting, losses = make("uncertainty"), torch.tensor([0.3, 3.0, 30.0])
    optimizer = torch.optim.Adam(weighting.parameters(), lr=0.1)
    for _ in range(600):
        optimizer.zero_grad()
        weights, _ = step(weighting, torch.eye(3), losses)
        optimizer.step()
    assert (weights * losses).tolist() == pytest.approx([0.5] * 3, rel=1e-3)
