import torch
from torchjd.scalarization import FAMO


def test_equals_torchjd_step_by_step_but_for_the_sum_of_its_weights(make, step):
    weighting, reference = make("famo"), FAMO(3)
    drawn = torch.Generator().manual_seed(0)
    for _ in range(20):
        before, after = torch.rand(2, 3, generator=drawn) + 0.1
        weights, _ = step(weighting, torch.eye(3), before)
        seen = before.clone().requires_grad_()
        reference(seen).backward()
        torch.testing.assert_close(weights, 3 * seen.grad)
        weighting.updated(lambda after=after: after)
        reference.update(after)
    torch.testing.assert_close(weighting.logits, reference._w.detach())
    assert weighting.logits.abs().min() > 1e-3


def test_weighted_losses_are_equal_at_first(make):
    losses = torch.tensor([0.1, 1.0, 10.0])
    weights = make("famo").weigh(losses)
    torch.testing.assert_close(weights * losses, (weights * losses).mean().expand(3))
    torch.testing.assert_close(weights.sum(), torch.tensor(3.0))


def test_the_task_that_falls_least_gains_weight(make):
    weighting = make("famo")
    for _ in range(10):
        weighting.weigh(torch.ones(3))
        weighting.updated(lambda: torch.tensor([0.9, 0.99, 0.5]))
    first, second, third = weighting.weigh(torch.ones(3)).tolist()
    assert second > first > third
