import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.identity import (
    ScheduleMismatchError,
    differing,
    digest,
    refuse_other_schedule,
)
from trainstudy.runs.record import CHECKPOINTS, RUN

VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())
INPUTS = {"seed": 0, "schedule": "poly:end=80", "train": "ab12", "crop": [64, 64]}


@given(inputs=st.dictionaries(st.text(), VALUES | st.dictionaries(st.text(), VALUES)))
def test_the_order_of_keys_does_not_count_and_json_keeps_the_digest(inputs):
    backwards = dict(reversed(inputs.items()))
    assert digest(backwards) == digest(inputs) == digest(json.loads(json.dumps(inputs)))


@given(one=st.dictionaries(st.text(), VALUES), other=st.dictionaries(st.text(), VALUES))
def test_digests_are_equal_only_for_equal_inputs(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)  # 1 is not True
    assert (digest(one) == digest(other)) == same


def test_a_set_has_no_order_to_rely_on():
    with pytest.raises(TypeError, match="set"):
        digest({"budgets": {1, 2}})


@pytest.fixture
def runs(tmp_path):
    def record(name, content):
        (tmp_path / name).mkdir()
        (tmp_path / name / RUN).write_text(
            content if isinstance(content, str) else json.dumps({"inputs": content})
        )

    record("first", INPUTS)
    return tmp_path, record


def test_a_run_that_differs_in_its_schedule_alone_is_refused_with_both_shown(runs):
    root, _ = runs
    asked = {**INPUTS, "schedule": "poly:end=160"}
    with pytest.raises(ScheduleMismatchError) as caught:
        refuse_other_schedule(root, asked, root / "second")
    for part in ("'schedule'", "'poly:end=80'", "'poly:end=160'", "first", "resume = False"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "asked",
    [
        {**INPUTS, "seed": 1, "schedule": "constant"},
        {**INPUTS, "train": "cd34", "schedule": "constant"},
        {**INPUTS, "new": 1, "schedule": "constant"},
        INPUTS,  # the same run under another name
    ],
)
def test_every_other_run_may_start(runs, asked):
    root, _ = runs
    refuse_other_schedule(root, asked, root / "second")


def test_what_is_no_record_of_ours_is_passed_over(runs):
    root, record = runs
    for name, content in [("half", '{"inpu'), ("list", "[]"), ("other", "{}"), ("flat", [1])]:
        record(name, content)
    record("without", {name: value for name, value in INPUTS.items() if name != "schedule"})
    refuse_other_schedule(root, {"seed": 9, "schedule": "constant"}, root / "second")
    refuse_other_schedule(root / "none", INPUTS, root / "second")


def test_a_start_that_failed_before_its_first_checkpoint_refuses_nothing(runs):
    root, _ = runs
    (root / "first" / RUN).write_text(json.dumps({"inputs": INPUTS, "iteration": 0}))
    asked = {**INPUTS, "schedule": "poly:end=160"}
    refuse_other_schedule(root, asked, root / "second")
    (root / "first" / CHECKPOINTS / "iter_20").mkdir(parents=True)  # of a start that was killed
    with pytest.raises(ScheduleMismatchError):
        refuse_other_schedule(root, asked, root / "second")


def test_inputs_differ_by_value_and_by_being_there():
    one, other = {"seed": 0, "rate": 1.0, "crop": None}, {"seed": 1, "rate": 2.0}
    assert differing(one, other, {"seed"}) == {"rate", "crop"}
    assert differing(one, one, ()) == set()
