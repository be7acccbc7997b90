from dataclasses import replace

import pytest

from trainstudy.book.task_costs import SHARED, cost_figure, cost_table, longer
from trainstudy.book.task_study import DRAWN

CELLS = {"joint": [[40.0, 20, 80]], "single:seg": [[40.0, 0, 0]]}
LONGER = {"joint epochs=100": [[45.0, 20, 90]], "joint schedule=cosine": [[90.0, 90, 90]]}


def test_what_every_cell_costs(task_study, rows):
    head, joint, single = rows(cost_table(task_study(CELLS)))
    assert joint == ["joint", "10", "1.00", "480", "3,600", "500.0", "3", "3", "gpu"]
    assert single[3] == "160"
    assert len(head) == len(joint)


def test_trainings_that_shared_their_device_have_no_time_of_their_own(task_study, rows):
    shown = cost_table(task_study(CELLS, start={"beside": 4}))
    assert rows(shown)[1] == ["joint", "10", "1.00", "480", "3", "gpu"]
    assert "Every training shared its device with others" in shown._repr_html_()


def test_beside_trainings_that_had_it_alone_those_that_shared_it_are_named(task_study, rows):
    study = task_study(CELLS)
    alone = study.costs["alone"].where(study.costs["cell"] == "joint", 0)
    study.__dict__["costs"] = study.costs.assign(alone=alone)
    _, joint, single = rows(cost_table(study))
    assert joint[4:6] == ["3,600", "500.0"]
    assert single[4:6] == [SHARED, SHARED]


def test_a_study_that_the_page_trains_itself_has_no_times(task_study, rows):
    head, joint, _ = rows(cost_table(replace(task_study(CELLS), source=DRAWN)))
    assert joint == ["joint", "10", "1.00", "480", "3"]
    assert len(head) == len(joint)


def test_a_device_that_tells_no_energy_has_a_dash(task_study, rows):
    shown = rows(cost_table(task_study(CELLS, start={"joules": None})))
    assert shown[1][4:6] == ["3,600", "–"]


def test_longer_training_is_compared_with_the_plain_one(task_study):
    study = task_study({**CELLS, **LONGER}, length={"joint epochs=100": 2})
    found = longer(study, ["joint epochs=100", "joint"])
    assert list(found) == ["seg: mIoU", "det: mAP50", "cls: top-1"]
    assert found["cls: top-1"][["compute_multiple", "gain"]].values.tolist() == [[1, 0], [2, 10]]
    assert "iterations, in multiples of joint" in cost_figure(study)._repr_html_()


@pytest.mark.parametrize("seeds", [[0], [0, 1]])
def test_a_study_of_one_length_says_so(task_study, seeds):
    found = repr(cost_figure(task_study(CELLS, seeds=seeds)))
    assert found == "This study has no cell that differs from joint in its length alone."


def test_one_seed_is_drawn_without_an_interval(task_study):
    study = task_study({**CELLS, **LONGER}, seeds=[0], length={"joint epochs=100": 2})
    assert "<svg" in cost_figure(study)._repr_html_()
