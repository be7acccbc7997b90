import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.ways import Phase, active, iterations, stages
from trainstudy.tasks import TASKS

lengths = st.floats(0, 10)


def test_by_default_it_is_the_reports_5_40_5():
    (stage,) = stages("joint", 50)
    assert stage.phases == (
        Phase(5, TASKS, 1, "in turn"), Phase(40, TASKS), Phase(5, TASKS, 0.1)
    )  # fmt: skip
    assert iterations(stage, 15) == 15 * (3 * 5 + 40 + 5)
    assert [active(stage, at, 15) for at in (1, 2, 3, 225, 226, 825, 826, 900)] == [
        (("seg",), 1), (("det",), 1), (("cls",), 1), (("cls",), 1),
        (TASKS, 1), (TASKS, 1), (TASKS, 0.1), (TASKS, 0.1),
    ]  # fmt: skip


@given(warmup=st.fixed_dictionaries(dict.fromkeys(TASKS, lengths)), gradual=lengths, tune=lengths)
def test_whatever_its_lengths_it_costs_its_epochs(cost, warmup, gradual, tune):
    (stage,) = stages(
        "joint", 40, warmup_epochs=warmup, transition_epochs=gradual, finetune_epochs=tune
    )
    assert abs(sum(cost([stage], 100).values()) - 3 * 100 * 40) <= 3 * len(stage.phases)


@given(warmup=st.fixed_dictionaries(dict.fromkeys(TASKS, st.integers(0, 5))))
def test_a_longer_warmup_starts_earlier_and_all_end_together(warmup):
    (stage,) = stages("joint", 20, warmup_epochs=warmup, finetune_epochs=0)
    found = dict.fromkeys(TASKS, 0)
    left = sorted(set(warmup.values()) - {0}, reverse=True)
    for phase in (phase for phase in stage.phases if phase.mix == "in turn"):
        assert phase.tasks == tuple(task for task in TASKS if warmup[task] >= left[0])
        left.pop(0)
        for task in phase.tasks:
            found[task] += phase.epochs
    assert found == warmup
    assert stage.phases[-1] == Phase(pytest.approx(20 - sum(warmup.values()) / 3), TASKS)


def test_a_transition_lies_between_warmup_and_joint():
    (stage,) = stages("joint", 50, warmup_epochs=10, transition_epochs=5, finetune_rate=0.5)
    assert [(phase.epochs, phase.mix, phase.rate) for phase in stage.phases] == [
        (10, "in turn", 1), (5, "ramp", 1), (30, "together", 1), (5, "together", 0.5)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"warmup_epochs": {"seg": 3}},
            "'warmup_epochs': a length for each of seg, det, cls, got {'seg': 3}",
        ),
        ({"warmup_epochs": -1}, "no length may be below 0"),
        ({"finetune_epochs": float("nan")}, "no length may be below 0"),
        ({"finetune_rate": 0}, "'finetune_rate' must be above"),
        ({"warmup_epochs": 40, "finetune_epochs": 15}, "last 55 of 50 epochs"),
    ],
)
def test_lengths_that_do_not_fit_are_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        stages("joint", 50, **options)
