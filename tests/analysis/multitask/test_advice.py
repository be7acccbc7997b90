import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.arm_gains import TInterval
from trainstudy.analysis.multitask.advice import (
    ABSENT,
    ADVICE,
    DO,
    DONT,
    FEW,
    OPEN,
    UNSEEN,
    advise,
    by_task,
    judge,
    others,
    smallest,
)
from trainstudy.analysis.multitask.transfer import by_task as measures
from trainstudy.analysis.noise import resolvable

VALUE, SIDE = st.floats(-50, 50), st.floats(0, 50)
OPPOSITE = {DO: DONT, DONT: DO, UNSEEN: UNSEEN}


@pytest.fixture(scope="session")
def table(make, ends):
    """table({cell: [seed] (seg, det, cls)}) -> measures."""
    return lambda cells: measures(
        make({cell: [ends(row) for row in seeds] for cell, seeds in cells.items()})
    )


@given(VALUE, SIDE, SIDE)
def test_what_holds_for_a_gain_holds_for_a_loss(value, half, floor):
    found, back = (TInterval(v, v - half, v + half, 5) for v in (value, -value))
    assert judge(back, floor) == OPPOSITE[judge(found, floor)]
    if abs(value) <= max(half, floor):
        assert judge(found, floor) == UNSEEN


@given(VALUE, SIDE, SIDE)
def test_a_verdict_is_never_given_to_what_is_far_smaller_than_what_would_be_found(
    value, half, floor
):
    found = TInterval(value, value - half, value + half, 5)
    limit = smallest(found, floor)
    assert limit == pytest.approx(max(resolvable(half), resolvable(floor)))
    if judge(found, floor) != UNSEEN:
        assert abs(value) > 0.69 * limit  # half of all trials find one of 0.7 times the size


@pytest.mark.parametrize(("low", "floor"), [(math.nan, 1.0), (1.0, math.nan)])
def test_without_an_interval_or_a_floor_seeds_are_too_few(low, floor):
    assert judge(TInterval(2.0, low, low + 2, 1), floor) == FEW


def test_the_best_come_first_and_what_was_not_trained_last(table):
    seeds = [0.0, 0.1, 0.2]
    level = {"joint a": 44, "joint b": 41, "joint": 40, "joint c": 30, "joint d": 43}
    scores = table({
        cell: [[value + s, value + s, value + s] for s in seeds] for cell, value in level.items()
    } | {"joint e": [[40, 40, 40], [41, 41, 41], [39.5, 39.5, 39.5]], "joint f": [[50, 50, 50]]}
    )  # fmt: skip
    found = advise(scores, ["joint x", "joint f", "joint c", "joint e", *level], "joint")
    assert found.columns.tolist() == ADVICE
    assert list(zip(found["cell"], found["verdict"], strict=True))[:4] == [
        ("joint a", DO), ("joint d", DO), ("joint b", DO), ("joint e", UNSEEN),
    ]  # fmt: skip
    rows = found.set_index("cell")
    assert rows["verdict"].tolist()[-3:] == [DONT, FEW, ABSENT]
    assert rows.loc["joint a", "value"] == pytest.approx(100 * 4 / 40.1)
    assert rows.loc["joint x", ["value", "noise_floor"]].isna().all()
    assert (rows.loc["joint x", "n"], rows.loc["joint f", "n"]) == (0, 1)


def test_what_many_comparisons_may_show_by_chance_is_open(table):
    """It would be done if it were the only change that was tried."""
    joint = [[40.0, 40, 40], [41, 41, 41], [39, 39, 39], [40, 40, 40]]
    gain = [[value + 1.5 for value in row] for row in joint]
    plain = {f"joint {name}": joint[1:] + joint[:1] for name in "bcdefghijk"}
    cells = {"joint": joint, "joint a": gain, "joint z": [[v - 9 for v in r] for r in joint]}
    alone = advise(table(cells), ["joint a"], "joint").set_index("cell")
    among = advise(table(cells | plain), ["joint a", "joint z", *plain], "joint").set_index("cell")
    assert (alone.loc["joint a", "verdict"], among.loc["joint a", "verdict"]) == (DO, OPEN)
    assert alone.loc["joint a", "p"] < 0.05 < among.loc["joint a", "p"]
    assert among.loc["joint z", "verdict"] == DONT
    assert among.loc["joint a", "resolvable"] > alone.loc["joint a", "resolvable"]
    assert among.index[0] == "joint a"


def test_each_task_is_judged_alone(table):
    rows = [[40.0, 20, 80], [40.1, 20, 80], [40.2, 20, 80]]
    other = [[45.0, 20, 70], [45.1, 20, 70], [45.2, 20, 70]]
    found = by_task(table({"joint": rows, "joint a": other}), ["joint a", "joint x"], "joint")
    assert found["cell"].tolist() == ["joint a"] * 3
    assert found["value"].tolist() == pytest.approx([5, 0, -10])
    assert found["verdict"].tolist() == [DO, UNSEEN, DONT]
    assert by_task(table({"joint": rows}), ["joint x"], "joint").empty


def test_others_are_changes_that_are_not_known_yet(table):
    cells = ["single:seg", "joint", "joint a", "joint b", "seg,det,cls", "jointly"]
    scores = table({cell: [[1, 1, 1]] for cell in cells if cell not in ("seg,det,cls", "jointly")})
    assert others(scores, ["joint a"], "joint") == ["joint b"]
