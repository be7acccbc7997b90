import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get

positive = st.lists(st.floats(2**-10, 2**10, width=32), min_size=3, max_size=3)


def test_gives_the_weights_that_the_reports_losses_have(make, step):
    weights, _ = step(make("report_formula"), torch.eye(3), [1.1234, 4.5678, 2.3012])
    assert [round(weight, 2) for weight in weights.tolist()] == [1.54, 0.76, 1.08]


@given(losses=positive, factor=st.floats(0.1, 10))
def test_weighted_losses_are_as_the_roots_whatever_their_unit(losses, factor):
    weighting, losses = get("report_formula")(("seg", "det", "cls"), 1), torch.tensor(losses)
    weights = weighting.weigh(losses)
    torch.testing.assert_close(weights * losses, (losses.mean() * losses).sqrt())
    torch.testing.assert_close(weighting.weigh(factor * losses), weights)


def test_a_loss_of_zero_leaves_the_update_finite(make, step):
    weights, _ = step(make("report_formula"), torch.eye(3), [0.0, 1.0, 2.0])
    assert weights.isfinite().all()
    assert weights[0] == pytest.approx(1e4, rel=1e-3)
