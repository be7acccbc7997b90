import numpy as np
import pytest
from scipy import stats

from trainstudy.analysis.multitask.many import changes, dunnett
from trainstudy.analysis.multitask.transfer import by_task


@pytest.fixture
def table(make, ends):
    """table({cell: one number a seed}): measures of trainings whose tasks all score it."""
    return lambda cells: by_task(
        make({cell: [ends([v, v, v]) for v in values] for cell, values in cells.items()})
    )


def drawn(count, seeds=5, level=50.0):
    """Trainings that differ in nothing but their draws."""
    draws = np.random.default_rng(3).normal(level, 1, (count, seeds))
    return {f"joint {place}": list(row) for place, row in enumerate(draws)}


def test_of_one_change_it_is_students_test_with_the_variance_of_both(table):
    joint, change = [50.0, 51, 49, 50.5], [51.0, 52.5, 51.5, 51]
    found = dunnett(table({"joint": joint, "joint a": change}), ["joint a"], "joint")
    test = stats.ttest_ind(change, joint)
    assert found["p"]["joint a"] == pytest.approx(test.pvalue, abs=1e-3)
    low, high = test.confidence_interval()
    assert found["half"]["joint a"] == pytest.approx(100 * (high - low) / 2 / 50.125, rel=1e-2)


def test_the_more_are_compared_the_less_a_difference_tells(table):
    cells = {"joint": drawn(20)["joint 19"], "joint gain": [52.0, 52.5, 51.5, 53, 52]}
    few, many = (
        dunnett(table(cells | drawn(count)), ["joint gain", *drawn(count)], "joint")
        for count in (1, 15)
    )
    assert few["p"]["joint gain"] < many["p"]["joint gain"]
    assert few["half"]["joint gain"] < many["half"]["joint gain"]
    assert len(many) == 16


def test_it_does_not_matter_in_which_order_they_are_named_nor_whether_the_way_itself_is(table):
    cells = {"joint": [50.0, 51, 49], **drawn(4, 3)}
    one = dunnett(table(cells), list(cells), "joint")
    other = dunnett(table(cells), list(cells)[:0:-1], "joint")
    assert one.equals(other)
    assert "joint" not in one.index


def test_one_seed_or_another_set_of_tasks_is_left_out(table, make, ends):
    scores = table({"joint": [50.0, 51, 49], "joint a": [50.0, 52, 49], "joint b": [60.0]})
    fewer = scores[(scores["cell"] != "joint a") | (scores["task"] != "seg")]
    assert list(dunnett(scores, ["joint a", "joint b", "joint c"], "joint").index) == ["joint a"]
    assert dunnett(fewer, ["joint a", "joint b"], "joint").empty
    assert dunnett(table({"joint": [50.0], "joint a": [50.0, 52]}), ["joint a"], "joint").empty
    assert dunnett(table({"joint a": [50.0, 52]}), ["joint a"], "joint").empty


def test_seeds_that_agree_to_the_last_digit_leave_no_chance(table):
    scores = table({"joint": [50.0] * 3, "joint a": [50.0] * 3, "joint b": [51.0] * 3})
    found = dunnett(scores, ["joint a", "joint b"], "joint")
    assert found["p"].to_dict() == {"joint a": 1, "joint b": 0}
    assert (found["half"] == 0).all()


def test_a_change_is_a_cell_with_more_behind_the_name(table):
    cells = ["single:seg", "joint", "joint b", "jointly", "joint a"]
    found = table({cell: [1.0] for cell in cells if cell != "jointly"})
    assert changes(found, "joint") == ["joint b", "joint a"]
