import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_is_the_shortest_convex_combination(step, gradients, seed):
    rows = gradients(seed)
    weights, update = step(get("mgda")(("seg", "det", "cls"), 1), rows)
    shortest, slack = update / 3, 0.02 * float(rows.norm() ** 2)  # of 100 Frank-Wolfe steps
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(), torch.tensor(3.0))
    # of all points of the hull it is the nearest to 0: none lies behind it
    assert (rows @ shortest >= shortest @ shortest - slack).all()


def test_a_loss_ten_times_larger_counts_a_hundredth_of_it(make, step):
    weights, _ = step(make("mgda", ["seg", "det"]), torch.diag(torch.tensor([10.0, 1.0])))
    torch.testing.assert_close(weights[0] / weights[1], torch.tensor(0.01), rtol=1e-3, atol=0)
