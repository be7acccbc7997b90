import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trainstudy.analysis.arm_gains import resolvable_by_seeds
from trainstudy.analysis.multitask.reference import (
    against,
    delta_m,
    differences,
    relative_difference,
)
from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.analysis.noise import floor_of_mean

PERCENT = st.floats(1, 100)
SEEDS = st.lists(st.tuples(PERCENT, PERCENT, PERCENT), min_size=2, max_size=5)


@pytest.fixture(scope="session")
def table(make, ends):
    """table(joint=[seed] triples, alone=[seed] triples): joint, and single-task cells."""

    def build(joint, alone):
        single = {f"single:{task}": [ends(row) for row in alone] for task in ("seg", "det", "cls")}
        return by_task(make({"joint": [ends(row) for row in joint], **single}))

    return build


def test_delta_m_by_hand(table):
    found = delta_m(table([[44, 18, 80], [44, 22, 80]], [[40, 20, 80], [40, 20, 80]]))
    joint = found.set_index("cell").loc["joint"]
    each = [(10 - 10 + 0) / 3, (10 + 10 + 0) / 3]  # percent in each seed
    low, high = stats.t.interval(0.95, 1, loc=np.mean(each), scale=stats.sem(each))
    assert joint.tolist() == pytest.approx([np.mean(each), low, high, 2])
    assert found.set_index("cell").loc["single:seg", "n"] == 0  # one task is no mean over three


@settings(max_examples=10)
@given(seeds=SEEDS, factor=st.floats(0.1, 1))
def test_what_is_scaled_in_every_task_differs_by_that(table, seeds, factor):
    scaled = [[factor * score for score in row] for row in seeds]
    values = delta_m(table(scaled, seeds)).set_index("cell").loc["joint", "value"]
    assert values == pytest.approx(100 * (factor - 1), abs=1e-6)


def test_a_reference_of_zero_gives_no_percentage_and_no_warning(table):
    found = against(table([[40, 1, 80]] * 2, [[40, 0, 80]] * 2)).set_index(["cell", "task"])
    assert found.loc[("joint", "det"), "relative"].isna().all()
    assert found.loc[("joint", "det"), "intransigence"].tolist() == [-1, -1]


@pytest.fixture(scope="session")
def two(make, ends):
    """two(one, other): tables of two joint cells from their [seed] triples."""
    return lambda one, other: by_task(
        make({"joint a": [ends(row) for row in one], "joint b": [ends(row) for row in other]})
    )


@settings(max_examples=10)
@given(seeds=SEEDS, offsets=st.tuples(*[st.floats(-1, 0)] * 3))
def test_what_a_seed_adds_to_both_is_no_difference(two, seeds, offsets):
    moved = [[score + offset for score, offset in zip(row, offsets, strict=True)] for row in seeds]
    found = differences(two(moved, seeds), "joint a", "joint b")
    for name in ("value", "low", "high"):
        assert found[name].tolist() == pytest.approx(offsets, abs=1e-9)
    back = differences(two(moved, seeds), "joint b", "joint a")
    assert back["value"].tolist() == pytest.approx((-found["value"]).tolist())
    assert back["noise_floor"].tolist() == pytest.approx(found["noise_floor"].tolist())


def test_only_seeds_of_both_count_and_the_floor_is_of_the_spread_of_both(two):
    found = differences(
        two([[40, 5, 5], [42, 5, 5], [90, 5, 5]], [[30, 5, 5], [34, 5, 5]]), "joint a", "joint b"
    ).iloc[0]
    assert (found["value"], found["n"]) == (9, 2)
    variance = (2 * np.var([40, 42, 90], ddof=1) + np.var([30, 34], ddof=1)) / 3
    floor = floor_of_mean([variance**0.5], 2)
    assert found[["noise_floor", "resolvable"]].tolist() == pytest.approx(
        [floor, resolvable_by_seeds(floor, 2)]
    )


def test_relative_differences_agree_with_delta_m(two, table):
    joint, other = [[44, 18, 80], [40, 22, 84]], [[40, 20, 80], [38, 22, 82]]
    found, floor = relative_difference(two(joint, other), "joint a", "joint b")
    same = delta_m(table(joint, other)).set_index("cell").loc["joint"]
    assert list(found) == pytest.approx(same.tolist())
    assert floor > 0
    alone, unknown = relative_difference(two(joint[:1], other[:1]), "joint a", "joint b")
    assert np.isnan([alone.low, alone.high, unknown]).all()
