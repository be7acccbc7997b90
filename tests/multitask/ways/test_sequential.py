from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.ways import stages
from trainstudy.tasks import TASKS


@given(order=st.permutations(TASKS))
def test_each_task_has_its_stage_after_all_that_came_before(order):
    plan = stages(",".join(order), 4)
    assert [stage.tasks for stage in plan] == [(task,) for task in order]
    assert [stage.earlier for stage in plan] == [tuple(order[:place]) for place in range(3)]
    assert [stage.name for stage in plan] == [">".join(order[: place + 1]) for place in range(3)]
    assert [stage.parent for stage in plan] == [None, *(stage.name for stage in plan[:-1])]
    assert all(phase.epochs == 4 for stage in plan for phase in stage.phases)


def test_epochs_can_be_told_by_task():
    plan = stages("det,seg", {"seg": 2, "det": 0.5})
    assert [phase.epochs for stage in plan for phase in stage.phases] == [0.5, 2]
    assert plan[0] == stages("det,seg", 0.5)[0]
