import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.analysis.intervals import mean_interval, ratio_interval


def test_coverage_is_near_what_it_says():
    rng = np.random.default_rng(3)
    found = [mean_interval(sample, seed=7) for sample in rng.normal(1.0, 1.0, (200, 20))]
    covered = np.mean([i.low <= 1.0 <= i.high for i in found])
    assert 0.88 <= covered <= 0.99  # 95 % in the limit; BCa at n = 20 covers about 93 %


@settings(max_examples=50)
@given(
    values=st.lists(st.floats(-10, 10), min_size=3, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_the_interval_holds_the_mean_and_is_repeatable(values, order):
    found = mean_interval(values)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert found == mean_interval(values)
    order.shuffle(values)
    assert mean_interval(values).value == pytest.approx(found.value)


def test_degenerate_samples_give_stated_answers_without_warnings():
    assert mean_interval([]).n == 0
    assert np.isnan(mean_interval([1.0, 2.0]).low)
    assert mean_interval([2.0] * 5)[:3] == (2.0, 2.0, 2.0)
    assert ratio_interval([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])[:3] == pytest.approx((0.5, 0.5, 0.5))


def test_a_ratio_has_no_interval_where_its_denominator_may_vanish():
    found = ratio_interval([1.0, 2.0, 1.0, 2.0], [-1.0, 1.5, -1.2, 1.4])
    assert np.isnan(found.low)
    assert np.isfinite(found.value)


def test_shares_of_one_whole_mirror_each_other():
    rng = np.random.default_rng(1)
    first, second = rng.uniform(0.5, 1, 20), rng.uniform(0.1, 0.6, 20)
    a, b = ratio_interval(first, first + second), ratio_interval(second, first + second)
    assert a.value + b.value == pytest.approx(1)
    assert a.low + b.high == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("samples", [([1.0, np.nan, 2.0], [1.0, 1.0, 1.0]), ([1.0, 2.0], [1.0])])
def test_missing_or_unpaired_values_are_refused(samples):
    with pytest.raises(ValueError, match=r"missing|not paired"):
        ratio_interval(*samples)
