"""What holds of every stage, whatever its phases: counted in one pass, told without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.ways import Phase, Stage, active, iterations, seen
from trainstudy.tasks import TASKS

LENGTH = 15  # iterations an epoch
some_tasks = st.permutations(TASKS).flatmap(
    lambda tasks: st.integers(1, 3).map(lambda count: tuple(tasks[:count]))
)
phases = st.builds(
    Phase,
    epochs=st.floats(0, 6),
    tasks=some_tasks,
    rate=st.floats(0.01, 2),
    mix=st.sampled_from(["together", "in turn", "ramp"]),
)
plans = st.lists(phases, max_size=4).map(lambda found: Stage("any", TASKS, tuple(found)))


def turns(stage):
    return [active(stage, at, LENGTH) for at in range(1, iterations(stage, LENGTH) + 1)]


@given(stage=plans)
def test_every_iteration_trains_a_task_and_is_counted_by_it(stage):
    counts = dict.fromkeys(TASKS, 0)
    for at, (tasks, _) in enumerate(turns(stage), 1):
        assert tasks
        for task in tasks:
            counts[task] += 1
        assert seen(stage, at, LENGTH) == counts


@given(stage=plans)
def test_each_task_of_a_phase_gets_the_phases_epochs(stage):
    counts = seen(stage, iterations(stage, LENGTH), LENGTH)
    for task in TASKS:
        asked = [phase.epochs for phase in stage.phases if task in phase.tasks]
        assert abs(counts[task] - LENGTH * sum(asked)) <= 0.5 * len(asked) + 1e-9


@given(phase=phases, later=phases)
def test_phases_follow_each_other_each_with_its_own_rate(phase, later):
    first, second = (turns(Stage("any", TASKS, (part,))) for part in (phase, later))
    assert turns(Stage("any", TASKS, (phase, later))) == first + second
    assert {rate for _, rate in first} <= {phase.rate}


@given(epochs=st.floats(0, 6), tasks=some_tasks)
def test_a_mix_is_what_its_name_says(epochs, tasks):
    def phase(mix):
        return [found for found, _ in turns(Stage("any", tasks, (Phase(epochs, tasks, 1, mix),)))]

    batches = round(epochs * LENGTH)
    assert phase("together") == [tasks] * batches
    assert phase("in turn") == [(task,) for task in tasks] * batches
    ramp = phase("ramp")
    alone = [found for found in ramp if len(found) < len(tasks)]
    assert alone == [(task,) for task in tasks] * (len(alone) // len(tasks))


def test_a_ramp_rises_linearly_from_none_to_all():
    stage = Stage("any", TASKS, (Phase(100, TASKS, mix="ramp"),))
    joint = [len(tasks) == 3 for tasks, _ in turns(stage)]
    fifth = len(joint) // 5
    shares = [sum(joint[part * fifth : (part + 1) * fifth]) / fifth for part in range(5)]
    assert shares == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9], abs=0.01)


@pytest.mark.parametrize("iteration", [0, 31])
def test_outside_a_stage_nothing_is_active(iteration):
    stage = Stage("seg", ("seg",), (Phase(2, ("seg",)),))
    with pytest.raises(ValueError, match=f"'seg' has the iterations 1 to 30, not {iteration}"):
        active(stage, iteration, LENGTH)
