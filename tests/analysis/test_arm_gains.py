import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trainstudy.analysis.arm_gains import (
    arm_gains,
    difference,
    phase_gains,
    resolvable_by_seeds,
    t_interval,
    t_ratio,
)
from trainstudy.analysis.noise import floor_of_mean

BUDGETS = (10, 20, 40)


def table(levels, budgets=BUDGETS):
    """{arm: [seed][budget] mIoU} as scores."""
    return pd.DataFrame([
        {"seed": seed, "arm": arm, "budget": budget, "answers": arm == "fresh", "mIoU": value}
        for arm, rows in levels.items()
        for seed, row in enumerate(rows)
        for budget, value in zip(budgets, row, strict=True)
    ])  # fmt: skip


def noise(seeds=3, arms=("frozen", "fresh"), study=0):
    rng = np.random.default_rng(study)
    return {arm: rng.normal(40, 0.7, (seeds, len(BUDGETS))) for arm in arms}


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8))
def test_the_interval_is_students(values):
    value, low, high, n = t_interval(values)
    assert (value, n) == (pytest.approx(np.mean(values)), len(values))
    if (error := stats.sem(values)) > 1e-6:
        expected = stats.t.interval(0.95, n - 1, loc=value, scale=error)
        assert (low, high) == pytest.approx(expected)


def test_fewer_than_two_seeds_have_no_interval():
    assert t_interval([3.0])[0] == 3.0
    assert np.isnan(t_interval([3.0])[1:3]).all()
    assert np.isnan(t_interval([])[:3]).all()
    assert t_interval([]).n == 0


def test_planted_gains_are_found_and_seeds_are_paired():
    seeds = [[40.0, 41.0, 43.0], [50.0, 51.5, 53.0], [60.0, 60.5, 63.0]]
    gains = arm_gains(table({"frozen": seeds}))
    assert gains["level"].tolist() == [50.0, 51.0, 53.0]
    assert gains["gain"].tolist() == [0.0, 1.0, 3.0]
    assert gains["n"].tolist() == [3, 3, 3]
    half = stats.t.ppf(0.975, 2) * 0.5 / 3**0.5  # gains 1.0, 1.5 and 0.5
    assert gains.loc[1, ["low", "high"]].tolist() == pytest.approx([1 - half, 1 + half])
    assert gains.loc[2, ["low", "high"]].tolist() == [3.0, 3.0]
    assert gains.loc[0, ["low", "high", "noise_floor", "resolvable"]].isna().all()


@settings(max_examples=20)
@given(offsets=st.lists(st.floats(-30, 30), min_size=3, max_size=3))
def test_what_a_seed_adds_to_all_its_scores_is_no_gain(offsets):
    scores = table(noise(3))
    moved = scores.assign(mIoU=scores["mIoU"] + scores["seed"].map(dict(enumerate(offsets))))
    columns = ["gain", "low", "high"]
    before, after = (arm_gains(frame)[columns].to_numpy() for frame in (scores, moved))
    np.testing.assert_allclose(before, after, atol=1e-9)


def test_the_floor_is_what_the_spread_between_seeds_gives():
    scores = table({"frozen": [[40.0, 41.0, 42.0], [42.0, 43.0, 44.0]],
                    "fresh": [[30.0, 31.0, 32.0], [32.0, 33.0, 34.0], [34.0, 35.0, 36.0]]}
                   )  # fmt: skip
    gains = arm_gains(scores).dropna(subset="noise_floor")
    sigma = ((2 * 1 + 4 * 2) / 3) ** 0.5  # variances 2 and 4 with one and two degrees of freedom
    expected = [floor_of_mean([sigma], n) for n in (2, 2, 3, 3)]
    assert gains["noise_floor"].tolist() == pytest.approx(expected)
    found = [resolvable_by_seeds(floor, n) for floor, n in zip(expected, (2, 2, 3, 3), strict=True)]
    assert gains["resolvable"].tolist() == pytest.approx(found)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_what_can_be_resolved_is_found_four_times_out_of_five(n):
    size = resolvable_by_seeds(floor_of_mean([1.0], n), n)
    pairs = np.random.default_rng(n).normal(size, 2**0.5, (20_000, n))
    found = stats.ttest_1samp(pairs, 0.0, axis=1).pvalue < 0.05
    assert np.mean(found) == pytest.approx(0.8, abs=0.01)


def test_the_interval_of_a_ratio_holds_it_in_nineteen_cases_of_twenty():
    drawn = np.random.default_rng(0)
    held = []
    for _ in range(2000):
        common = drawn.normal(0, 0.1, 4)
        found = t_ratio(drawn.normal(1, 0.2, 4) + common, drawn.normal(4, 0.2, 4) + common)
        held.append(found.low <= 0.25 <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_a_ratio_to_what_may_be_nothing_has_no_interval():
    assert t_ratio([1.0, 2.0], [1.0, 3.0])[:1] == (0.75,)
    assert np.isnan(t_ratio([1.0, 2.0], [1.0, 3.0]).low)
    assert np.isnan(t_ratio([], []).value)
    assert t_ratio([1.0, 3.0], [2.0, 2.0])[:3] == pytest.approx(
        [value / 2 for value in t_interval([1.0, 3.0])[:3]]
    )


def test_one_pair_resolves_nothing():
    assert np.isnan(resolvable_by_seeds(1.0, 1))


def test_noise_alone_passes_its_floor_in_one_case_of_twenty():
    found = pd.concat(arm_gains(table(noise(5, "abcd", study))) for study in range(60))
    longer = found.dropna(subset="noise_floor")
    assert (longer["gain"].abs() > longer["noise_floor"]).mean() == pytest.approx(0.05, abs=0.02)
    inside = (longer["low"] < 0) & (longer["high"] > 0)
    assert inside.mean() == pytest.approx(0.95, abs=0.02)


def test_a_seed_that_lacks_a_budget_counts_only_where_it_is():
    scores = table({"frozen": [[40.0, 41.0, 42.0], [50.0, 52.0, 90.0]]})
    gains = arm_gains(scores[(scores["seed"] == 0) | (scores["budget"] < 40)])
    assert gains["n"].tolist() == [2, 2, 1]
    assert gains["gain"].tolist() == [0.0, 1.5, 2.0]


def test_one_seed_has_gains_and_no_noise():
    gains = arm_gains(table(noise(1)))
    assert gains["gain"].notna().all()
    assert gains[["low", "high", "noise_floor", "resolvable"]].isna().all(axis=None)


def test_arms_keep_their_order_and_say_whether_they_answer():
    gains = arm_gains(table(noise()))
    assert gains["arm"].tolist() == ["frozen"] * 3 + ["fresh"] * 3
    assert gains["answers"].tolist() == [False] * 3 + [True] * 3
    assert arm_gains(table({"x": []}).reindex(columns=table(noise()).columns)).empty


def test_phases_are_paired_by_seed_and_unknown_where_an_end_is():
    rows = [(seed, "frozen", leg, at, 40.0 + at * (seed + 1) + 5 * (leg == "again"))
            for seed in (0, 1) for leg, ends in (("base", (1, 2)), ("again", (2, 4)))
            for at in ends]  # fmt: skip
    curves = pd.DataFrame(rows, columns=["seed", "arm", "leg", "iteration", "mIoU"])
    found = phase_gains(curves, "frozen", [(1, 2), (2, 4), (4, 5)])
    assert found["gain"].tolist()[:2] == [1.5 + 5, 3.0]  # at 2 the later leg counts
    assert found["n"].tolist() == [2, 2, 0]
    assert found.loc[2, ["gain", "low", "high"]].isna().all()
    assert phase_gains(curves, "fresh", [(1, 2)])["n"].tolist() == [0]


def test_a_difference_between_arms_is_paired_and_changes_its_sign_with_them():
    scores = table({"frozen": [[40.0, 41.0, 42.0], [50.0, 52.0, 54.0]],
                    "fresh": [[41.0, 43.0, 45.0], [51.0, 54.0, 58.0]]})  # fmt: skip
    one, other = (
        difference(scores, "fresh", "frozen", 40),
        difference(scores, "frozen", "fresh", 40),
    )
    assert (one.value, one.n) == (3.5, 2)
    assert other[:3] == pytest.approx((-one.value, -one.high, -one.low))
    assert difference(scores, "fresh", "cooldown", 40).n == 0
    assert difference(scores, "fresh", "frozen", 30).n == 0
