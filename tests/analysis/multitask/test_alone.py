import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.arm_gains import TInterval
from trainstudy.analysis.multitask.alone import (
    PAIRS,
    PAR,
    UNKNOWN,
    UNSEEN,
    WORSE,
    against_single,
    on_par,
)
from trainstudy.analysis.multitask.transfer import by_task


@given(st.floats(-50, 50), st.floats(0, 50), st.floats(0, 50), st.floats(0, 10))
def test_doing_better_is_never_judged_worse(value, half, floor, more):
    found, better = (TInterval(v, v - half, v + half, 3) for v in (value, value + more))
    order = [WORSE, UNSEEN, PAR]
    ranks = [order.index(on_par(one, floor, 40.0)) for one in (found, better)]
    assert ranks[0] <= ranks[1]
    # what seeds alone give is no loss
    assert on_par(found, max(floor, abs(value)), 40.0) != WORSE


def test_on_par_is_what_can_hardly_be_worse_by_a_twentieth():
    # of a level of 40: 2 points
    assert on_par(TInterval(-1.0, -1.9, -0.1, 3), 0.5, 40.0) == PAR
    assert on_par(TInterval(0.0, -2.1, 2.1, 3), 0.5, 40.0) == UNSEEN
    assert on_par(TInterval(-2.0, -3.0, -1.0, 3), 0.5, 40.0) == WORSE


def test_one_seed_tells_nothing():
    assert on_par(TInterval(-9.0, float("nan"), float("nan"), 1), float("nan"), 40.0) == UNKNOWN


def test_every_budget_of_every_task_is_compared_by_seed(make, ends):
    joint = [ends([40, 20, 70]), ends([42, 20, 70])]
    single = {
        "single:seg": [ends([41, 0, 0]), ends([42, 0, 0])],
        "single:det": [ends([0, 20, 0])] * 2,
        "single:cls epochs=150": [ends([0, 0, 80])] * 2,
    }
    found = against_single(by_task(make({"joint": joint, **single})))
    assert found.columns.tolist() == PAIRS
    rows = found.set_index("reference")
    assert rows.index.tolist() == ["single:seg", "single:det", "single:cls epochs=150"]
    assert rows["budget"].tolist() == ["", "", "epochs=150"]
    assert rows["value"].tolist() == pytest.approx([-0.5, 0, -10])
    assert rows["level"].tolist() == [41.5, 20, 80]
    assert rows["verdict"].tolist() == [UNSEEN, PAR, WORSE]
    assert (rows["n"] == 2).all()


def test_a_cell_is_compared_with_what_was_trained_alike(make, ends):
    cells = {
        "joint": [ends([40, 20, 70])] * 2,
        "joint rate=3e-4": [ends([44, 20, 70])] * 2,
        "single:seg": [ends([41, 0, 0])] * 2,
        "single:seg rate=3e-4": [ends([42, 0, 0])] * 2,
        "single:seg epochs=150": [ends([43, 0, 0])] * 2,
    }
    rows = against_single(by_task(make(cells))).set_index("budget")
    assert rows["cell"].tolist() == ["joint", "joint rate=3e-4", "joint"]
    assert rows["value"].tolist() == pytest.approx([-1, 2, -3])


def test_equal_weights_are_compared_as_well(make, ends):
    cells = {
        "joint": [ends([40, 20, 70])] * 2,
        "joint weighting=equal": [ends([43, 20, 70])] * 2,
        "joint weighting=equal rate=3e-4": [ends([44, 20, 70])] * 2,
        "single:seg": [ends([41, 0, 0])] * 2,
        "single:seg rate=3e-4": [ends([42, 0, 0])] * 2,
    }
    found = against_single(by_task(make(cells)))
    assert list(zip(found["cell"], found["budget"], found["value"], strict=True)) == [
        ("joint", "", -1), ("joint weighting=equal", "", 2), ("joint", "rate=3e-4", -2),
        ("joint weighting=equal rate=3e-4", "rate=3e-4", 2),
    ]  # fmt: skip


def test_what_is_missing_has_no_row(make, ends):
    joint = {"joint": [ends([40, 20, 70])]}
    assert against_single(by_task(make(joint))).empty
    assert against_single(by_task(make({"single:seg": [ends([1, 0, 0])]}))).empty
    assert against_single(by_task(make({}))).columns.tolist() == PAIRS
