import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.multitask.weights_formula import (
    formula_weights,
    implied_exponents,
    largest_share,
)

LOSSES = st.lists(st.floats(0.01, 100), min_size=2, max_size=5)


def test_the_weights_of_the_reports_losses():
    weights = formula_weights([1.1234, 4.5678, 2.3012])
    assert weights.round(2).tolist() == [1.54, 0.76, 1.08]


@given(losses=LOSSES, factor=st.floats(0.01, 100))
def test_only_ratios_of_losses_count_and_higher_ones_weigh_less(losses, factor):
    weights = formula_weights(losses)
    assert formula_weights(factor * np.array(losses)) == pytest.approx(weights)
    assert (np.diff(weights[np.argsort(losses)]) <= 1e-12).all()


@given(losses=LOSSES, exponent=st.floats(-2, 2))
def test_followed_weights_imply_their_exponent(losses, exponent):
    found = implied_exponents(losses, formula_weights(losses, exponent))
    far = np.abs(np.log(np.mean(losses) / losses)) > 1e-3
    assert found[far] == pytest.approx(exponent, abs=1e-6)


@given(losses=LOSSES)
def test_the_formula_never_makes_the_largest_part_larger(losses):
    plain = largest_share(losses, np.ones(len(losses)))
    weighted = largest_share(losses, formula_weights(losses))
    assert weighted[1] <= plain[1] + 1e-9


@pytest.mark.parametrize("losses", [[1.0, 0.0], [1.0, -1.0], [1.0, float("nan")]])
def test_losses_that_have_no_root_are_refused(losses):
    with pytest.raises(ValueError, match="losses must be above 0"):
        formula_weights(losses)
