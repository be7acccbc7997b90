import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.analysis.multitask.stability_gap import (
    GAPS,
    SINCE,
    since_transitions,
    stability_gaps,
    summary,
    worst_case,
)

ORDER = "seg,det,cls"
CHAIN = [
    [[20, 0, 0], [40, 0, 0]],
    [[10, 9, 0], [35, 30, 0]],
    [[25, 12, 50], [30, 28, 90]],
]


def test_the_gap_and_the_recovery_by_hand(make):
    found = stability_gaps(make({ORDER: [CHAIN]}, "val"))
    assert found[GAPS[2:]].values.tolist() == [
        ["seg", 40, 10, 30, 30, 20],
        ["det", 30, 12, 28, 18, 16],
    ]
    worst = worst_case(make({ORDER: [CHAIN]}, "val")).iloc[0]
    assert worst["min_acc"] == pytest.approx((10 + 12) / 2)
    assert worst["wc_acc"] == pytest.approx(90 / 3 + (1 - 1 / 3) * 11)  # as the paper has it


PERCENT = st.floats(0, 100)
STAGE = st.lists(st.tuples(PERCENT, PERCENT, PERCENT), min_size=1, max_size=4)


@settings(max_examples=10)
@given(chain=st.lists(STAGE, min_size=3, max_size=3), more=st.tuples(PERCENT, PERCENT, PERCENT))
def test_looking_more_often_finds_no_smaller_gap(make, chain, more):
    seen = [*chain[:2], [more, *chain[2]]]
    before, after = (stability_gaps(make({ORDER: [stages]}, "val")) for stages in (chain, seen))
    assert (after["gap"] >= before["gap"]).all()
    assert (before["recovered"] >= 0).all()
    worst, final = worst_case(make({ORDER: [chain]}, "val")), chain[2][-1]
    assert worst["wc_acc"].item() <= sum(final) / 3 + 1e-9


def test_chains_without_a_past_have_no_gap(make, ends):
    scores = make({"joint": [ends([1, 2, 3])]}, "val")
    assert stability_gaps(scores).empty
    assert worst_case(scores).empty
    assert stability_gaps(make({ORDER: [CHAIN]}, "test")).empty  # evaluations within are of val


def test_means_over_seeds_of_gap_and_worst_case(make):
    deeper = [CHAIN[0], [[6, 9, 0], [35, 30, 0]], CHAIN[2]]
    found = summary(make({ORDER: [CHAIN, deeper], "joint": [[[[1, 2, 3]]]]}, "val"))
    assert set(found["cell"]) == {ORDER}
    values = found.set_index("measure")["value"]
    assert values["min_acc"] == pytest.approx((11 + 9) / 2)
    assert values["gap"] == pytest.approx((24 + 26) / 2)
    assert values["recovered"] == pytest.approx((18 + 20) / 2)
    assert (found["n"] == 2).all()
    assert summary(make({"joint": [[[[1, 2, 3]]]]}, "val")).empty


def test_scores_since_a_transition_begin_with_the_end_of_the_stage_before(make):
    found = since_transitions(make({ORDER: [CHAIN]}, "val"))
    assert found.columns.tolist() == SINCE
    seg = found[found["task"] == "seg"]
    assert seg[["stage", "since", "score"]].values.tolist() == [
        [1, 0, 40], [1, 10, 10], [1, 20, 35], [2, 0, 35], [2, 10, 25], [2, 20, 30],
    ]  # fmt: skip
    det = found[found["task"] == "det"]
    assert det[["stage", "since", "score"]].values.tolist() == [
        [2, 0, 30], [2, 10, 12], [2, 20, 28],
    ]  # fmt: skip
    assert "cls" not in set(found["task"])  # nothing comes after it
    assert since_transitions(make({"joint": [[[[1, 2, 3]]]]}, "val")).empty
    assert since_transitions(make({})).empty
