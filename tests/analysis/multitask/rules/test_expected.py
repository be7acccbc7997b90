import pytest

from trainstudy.analysis.multitask.rules import expected
from trainstudy.reports import Claim

ORDERS = ["seg,det", "det,seg"]
CLAIM = Claim(id="c", section="1", place="p", text="t", rule="r")


@pytest.mark.parametrize(
    ("lost", "status"), [(30, "confirmed"), (-30, "contradicted"), (0, "not identifiable")]
)
def test_a_task_that_is_trained_last_ends_higher(trials, lost, status):
    kept = 50 - lost
    cells = {
        "seg,det,cls": [[50, 0, 0], [kept, 50, 0], [kept, kept, 50]],
        "cls,det,seg": [[0, 0, 50], [0, 50, kept], [50, kept, kept]],
        "cls,seg,det": [[0, 0, 50], [50, 0, kept], [kept, 50, kept]],
    }
    found = expected.ends_higher_if_last(CLAIM, trials(cells), cells=list(cells))
    assert (found.status, found.n) == (status, 4)
    assert found.recomputed == pytest.approx(lost)


@pytest.mark.parametrize(
    ("joint", "tasks", "status"),
    [
        ([40, 20, 80], 2, "confirmed"),
        ([40, 20, 60], 2, "confirmed"),
        ([40, 20, 60], 3, "contradicted"),
        ([30, 10, 80], 2, "contradicted"),
    ],
)
def test_on_par_on_so_many_tasks(trials, joint, tasks, status):
    single = {f"single:{task}": [[40, 20, 80]] for task in ("seg", "det", "cls")}
    longer = {"single:seg epochs=150": [[90, 90, 90]]}
    made = trials({"joint": [joint], **single, **longer})
    found = expected.on_par(CLAIM, made, cell="joint", tasks=tasks)
    assert found.status == status
    assert "of 3: mIoU" in found.evidence, "the longer one is another budget"


def test_too_few_tasks_known_are_no_contradiction(trials):
    made = trials({"joint": [[40, 20, 80]], "single:seg": [[40, 20, 80]]})
    found = expected.on_par(CLAIM, made, cell="joint", tasks=2)
    assert (found.status, found.recomputed) == ("not identifiable", 1)
    lone = trials({"joint": [[40, 20, 80]], "single:seg": [[40, 20, 80]]}, seeds=1)
    assert expected.on_par(CLAIM, lone, cell="joint", tasks=2).status == "not checkable"


def test_the_best_of_each_side_are_compared(trials):
    level = {"joint": 40, "joint a": 30, "joint b": 48, "joint c": 44, "joint d": 20}
    made = trials({cell: [[value] * 3] for cell, value in level.items()})
    sides = {"cells": ["joint a", "joint b", "joint x"], "than": ["joint d", "joint c"]}
    found = expected.best_of(CLAIM, made, **sides, base="joint")
    assert found.evidence.startswith("joint b against joint c, ")
    assert (found.status, found.recomputed) == ("confirmed", pytest.approx(100 * 4 / 44))
    nothing = expected.best_of(CLAIM, made, cells=["joint x"], than=["joint c"], base="joint")
    assert nothing.status == "not checkable"
    assert "joint x" in nothing.evidence


@pytest.mark.parametrize(
    ("top", "seeds", "status"),
    [(10, 4, "confirmed"), (20, 4, "contradicted"), (10, 1, "not identifiable")],
)
def test_guessing_is_what_cannot_be_told_from_it(trials, top, seeds, status):
    made = trials({"joint": [[40, 20, top]]}, seeds)
    found = expected.guessed(CLAIM, made, cell="joint", classes=10)
    assert (found.status, found.n) == (status, seeds)
    assert "10.0 by guessing among 10 classes" in found.evidence


def test_what_was_not_trained_is_named(trials):
    made = trials({"joint": [[40, 20, 80]]})
    for found in (
        expected.ends_higher_if_last(CLAIM, made, cells=ORDERS),
        expected.on_par(CLAIM, made, cell="seg,det", tasks=2),
        expected.guessed(CLAIM, made, cell="seg,det", classes=10),
    ):
        assert found.status == "not checkable"
        assert "'seg,det'" in found.evidence
