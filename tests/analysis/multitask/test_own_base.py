import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.analysis.multitask.own_base import within_own_base
from trainstudy.analysis.multitask.transfer import by_task

ORDER = "seg,det,cls"


@pytest.fixture(scope="session")
def rule(make, ends):
    """rule(finals of seg in each seed, base=): the two readings of seg, by name."""

    def ask(*finals, base=40):
        seeds = [ends([base, 0, 0], [base, 20, 0], [final, 20, 90]) for final in finals]
        found = within_own_base(by_task(make({ORDER: seeds})))
        return found[found["task"] == "seg"].set_index("reading")

    return ask


def test_both_readings_of_five_percent(rule):
    found = rule(36.0, 36.0)  # 4 points of 40: 10 %
    assert found["value"].to_dict() == {"relative": -10, "absolute": -4}
    assert found["status"].to_dict() == {"relative": "missed", "absolute": "met"}
    assert rule(38.0, 38.0)["status"].to_dict() == {"relative": "met", "absolute": "met"}


def test_seeds_that_do_not_agree_or_are_too_few_leave_it_open(rule):
    assert set(rule(39.0, 20.0)["status"]) == {"open"}
    assert set(rule(39.0)["status"]) == {"open"}


@settings(max_examples=10)
@given(finals=st.lists(st.floats(0, 100), min_size=2, max_size=5), base=st.floats(1, 100))
def test_gaining_never_misses_and_readings_have_one_sign(rule, finals, base):
    found = rule(*finals, base=base)
    assert found.loc["relative", "value"] * found.loc["absolute", "value"] >= 0
    if min(finals) >= base:
        assert "missed" not in set(found["status"])


def test_a_base_of_zero_has_no_percentage(rule):
    found = rule(1.0, 1.0, base=0)
    assert found["status"].to_dict() == {"relative": "open", "absolute": "met"}
    assert found["n"].to_dict() == {"relative": 0, "absolute": 2}
