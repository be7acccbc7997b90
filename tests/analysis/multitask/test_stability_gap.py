import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.analysis.multitask.stability_gap import GAPS, stability_gaps, worst_case

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


@settings(max_examples=10, deadline=None)
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
