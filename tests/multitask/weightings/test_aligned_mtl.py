import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_is_the_sum_of_the_rows_with_all_singular_values_the_smallest(step, gradients, seed):
    rows = gradients(seed, size=50)
    _, update = step(get("aligned_mtl")(("seg", "det", "cls"), 1), rows)
    u, s, vh = torch.linalg.svd(rows, full_matrices=False)
    torch.testing.assert_close(update, (s.min() * u @ vh).sum(0), rtol=1e-3, atol=1e-3)


def test_a_loss_ten_times_larger_does_not_rule(make, step):
    _, update = step(make("aligned_mtl"), torch.diag(torch.tensor([10.0, 1.0, 2.0])))
    torch.testing.assert_close(update, torch.ones(3), rtol=1e-4, atol=1e-4)
