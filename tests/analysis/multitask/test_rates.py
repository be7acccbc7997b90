import pytest

from trainstudy.analysis.multitask.rates import CHANGES, changes, guessing
from trainstudy.analysis.multitask.transfer import by_task


def test_cells_are_compared_with_those_they_are_named_after(make, ends):
    cells = {
        "joint": [ends([40, 20, 70]), ends([42, 20, 70])],
        "joint rate=3e-4": [ends([44, 20, 70]), ends([44, 20, 70])],
        "single:cls rate=3e-4": [ends([0, 0, 90])] * 2,  # without a base
        "joint epochs=100": [ends([49, 20, 70])] * 2,
    }
    found = changes(by_task(make(cells)))
    assert found.columns.tolist() == CHANGES
    assert set(found["cell"]) == {"joint rate=3e-4"}
    assert set(found["base"]) == {"joint"}
    rows = found.set_index("task")
    assert rows["value"].to_dict() == pytest.approx({"seg": 3, "det": 0, "cls": 0})
    assert rows.loc["seg", "score"] == 44
    assert changes(by_task(make({}))).columns.tolist() == CHANGES


def test_guessing_is_told_by_the_interval_and_never_from_one_seed(make, ends):
    cells = {
        "single:cls": [ends([0, 0, 90]), ends([0, 0, 91])],
        "single:cls a": [ends([0, 0, 10])] * 2,
        "single:cls b": [ends([0, 0, 9]), ends([0, 0, 16])],
        "single:seg": [ends([50, 0, 0])] * 2,
    }
    assert guessing(by_task(make(cells)), 10) == ["single:cls a", "single:cls b"]
    assert guessing(by_task(make({"single:cls": [ends([0, 0, 5])]})), 10) == []
