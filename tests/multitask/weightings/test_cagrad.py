import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_goes_to_the_rim_for_the_task_that_gains_least(step, gradients, seed):
    rows = gradients(seed)
    _, update = step(get("cagrad")(("seg", "det", "cls"), 1), rows)
    total = rows.sum(0)
    moved = (update - total).norm() / total.norm()
    torch.testing.assert_close(moved, torch.tensor(0.4), rtol=0.02, atol=0)
    rim = torch.randn(200, 4, generator=torch.Generator().manual_seed(seed))
    others = total + 0.4 * total.norm() * rim / rim.norm(dim=1, keepdim=True)
    slack = 0.02 * rows.norm() * total.norm()
    assert (rows @ update).min() >= (others @ rows.T).amin(1).max() - slack


def test_the_sum_follows_the_scale_of_all_losses(make, step, gradients):
    rows = gradients(0)
    (_, once), (_, tenfold) = (step(make("cagrad"), factor * rows) for factor in (1, 10))
    torch.testing.assert_close(tenfold, 10 * once, rtol=1e-2, atol=1e-2)
