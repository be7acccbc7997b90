import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.noise import (
    at_iteration,
    between_checkpoints,
    between_ends,
    between_runs,
    floor_of_gain,
    floor_of_mean,
    noise_of,
    residuals,
    resolvable,
)
from trainstudy.analysis.pairs import gains
from trainstudy.runs.curves import empty

NAME = "none/City/pspnet_r50"


@given(
    x=st.lists(st.integers(1, 10**6), min_size=3, max_size=20, unique=True).map(sorted),
    slope=st.floats(-1e-3, 1e-3),
    level=st.floats(0, 100),
)
def test_a_straight_line_has_no_noise_whatever_its_spacing(x, slope, level):
    assert residuals(x, level + slope * np.asarray(x)) == pytest.approx(np.zeros(len(x) - 2))


def test_equal_spacing_is_the_second_difference():
    y = np.array([1.0, 4.0, 2.0, 7.0])
    second = 0.5 * y[:-2] - y[1:-1] + 0.5 * y[2:]
    assert residuals([10, 20, 30, 40], y) == pytest.approx(second / np.sqrt(1.5))


@pytest.mark.parametrize("spacing", ["even", "uneven"])
def test_the_estimate_is_unbiased(spacing):
    rng = np.random.default_rng(5)
    x = np.arange(1, 26) if spacing == "even" else np.cumsum(rng.integers(1, 9, 25))
    noisy = 0.02 * x + rng.normal(0, 0.7, (4000, 25))
    variances = [np.mean(residuals(x, y) ** 2) for y in noisy]
    assert np.mean(variances) == pytest.approx(0.49, rel=0.02)


def test_no_residual_spans_a_break():
    y = [1.0, 1.0, 1.0, 9.0, 9.0, 9.0]
    assert np.abs(residuals([10, 20, 30, 40, 50, 60], y)).max() > 1
    assert residuals([10, 20, 30, 40, 50, 60], y, breaks=[30]).tolist() == [0.0, 0.0]


def test_replicates_pool_their_noise_and_their_mean_has_less(make):
    zigzag = {i: 40.0 + i % 2 for i in range(1, 9)}
    one = make({NAME: zigzag})
    two = pd.concat([one, make({NAME: zigzag}, run="b")])
    single, double = between_checkpoints(one), between_checkpoints(two)
    assert double["sigma"][0] == pytest.approx(single["sigma"][0])
    assert double["sigma_mean"][0] == pytest.approx(single["sigma"][0] / np.sqrt(2))


def test_the_noise_of_a_gain_is_that_of_the_runs_it_counts(make):
    zigzag = {i: 40.0 + i % 2 for i in range(1, 9)}
    early = {i: value for i, value in zigzag.items() if i < 5}
    curves = pd.concat([make({NAME: zigzag}), make({NAME: early}, run="b")])
    table = gains(curves, 1, 8).table
    noise = between_checkpoints(curves)
    assert table["runs"].tolist() == [1]
    assert noise_of(table, noise).tolist() == pytest.approx(noise["sigma"].tolist())
    both = gains(curves, 1, 4).table
    assert noise_of(both, noise).tolist() == pytest.approx(noise["sigma_mean"].tolist())


def test_the_range_is_inclusive_and_too_few_checkpoints_have_unknown_noise(make):
    curves = make({NAME: {10: 1.0, 20: 5.0, 30: 30.0, 40: 30.0, 50: 30.0}})
    assert between_checkpoints(curves, within=(30, 50))["sigma"].tolist() == [0.0]
    assert between_checkpoints(curves, within=(40, 50))["sigma"].isna().all()
    assert between_checkpoints(empty()).empty


def test_a_gain_across_a_break_has_the_noise_of_both_sides(make):
    rng = np.random.default_rng(3)
    points = {x: 40 + rng.normal(0, 3 if x <= 400 else 1) for x in range(10, 801, 10)}
    curves = make({NAME: points})
    within, breaks = (400, 800), (400,)
    before, after = (
        between_checkpoints(curves, side, breaks)["sigma"].item() for side in ((0, 400), within)
    )
    across = between_ends(curves, 400, 800, within, breaks)["sigma"].item()
    assert across == pytest.approx(((before**2 + after**2) / 2) ** 0.5)
    assert before > 2 * after
    assert between_ends(curves, 410, 800, within, breaks)["sigma"].item() == after
    assert at_iteration(curves, 400, within, breaks)["sigma"].item() == before
    assert at_iteration(curves, 410, within, breaks)["sigma"].item() == after
    assert between_ends(curves, 100, 300, within, breaks)["sigma"].item() == pytest.approx(before)
    short = make({NAME: {x: y for x, y in points.items() if x >= 400}})
    assert between_ends(short, 400, 800, within, breaks)["sigma"].item() == after


def test_floors():
    assert floor_of_gain(0.1) == pytest.approx(1.96 * np.sqrt(2) * 0.1, rel=1e-4)
    assert floor_of_mean([0.1] * 4) == pytest.approx(floor_of_gain(0.1) / 2)
    assert floor_of_mean([0.3, np.nan]) == pytest.approx(floor_of_mean([0.3, 0.3]))
    assert np.isnan(floor_of_mean([np.nan]))
    assert resolvable(1.96) == pytest.approx(2.80, rel=1e-3)


def test_a_resolvable_gain_is_found_in_four_of_five_cases():
    rng = np.random.default_rng(7)
    true = resolvable(float(floor_of_gain(1.0)))
    seen = true + rng.normal(0, np.sqrt(2), 20_000)
    assert np.mean(seen > floor_of_gain(1.0)) == pytest.approx(0.80, abs=0.01)


def test_noise_between_runs_needs_replicates(make):
    runs = pd.concat([make({NAME: {5: 40.0}}), make({NAME: {5: 42.0}}, run="b")])
    other = make({"none/Town/pspnet_r50": {5: 10.0}})
    table = between_runs(pd.concat([runs, other]), 5)
    assert table["dataset"].tolist() == ["City"]
    assert table["sigma"][0] == pytest.approx(np.sqrt(2))
    assert between_runs(runs, 6).empty
