import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.multitask.course_rule import (
    REQUIREMENTS,
    RULE,
    allowed,
    frontier,
    requirements,
)
from trainstudy.analysis.multitask.transfer import by_task

ORDER = "seg,det,cls"


@pytest.fixture(scope="session")
def ask(make, ends):
    """ask({cell: final (seg, det, cls) by seed}) -> requirements, from bases of 40, 20 and 90."""

    def build(cells):
        chains = {
            cell: [ends([40, 0, 0], [40, 20, 0], final) for final in seeds]
            for cell, seeds in cells.items()
        }
        return requirements(by_task(make(chains)))

    return build


def test_all_requirements_by_hand(ask):
    found = ask({ORDER: [[39.0, 15.5, 86], [41.0, 16.5, 90]]})
    assert found.columns.tolist() == RULE
    rows = found.set_index("requirement")
    assert rows.index.tolist() == list(REQUIREMENTS)
    assert rows["value"].tolist() == pytest.approx([40, 16, 88, -20, -4])
    assert rows["least"].tolist() == [40, 15, 85, -5, -5]
    assert rows["task"].tolist() == ["seg", "det", "cls", "det", "det"]
    assert rows["by_mean"].tolist() == [True, True, True, False, True]
    assert set(rows["status"]) == {"open"}  # of two seeds that are points apart


def test_equal_seeds_decide(ask):
    rows = ask({ORDER: [[40, 14, 86]] * 3}).set_index("requirement")
    assert rows["status"].tolist() == ["met", "missed", "met", "missed", "missed"]


MEETS = st.tuples(st.booleans(), st.booleans(), st.booleans())


@given(st.lists(MEETS, min_size=1, max_size=5))
def test_the_frontier_is_of_those_than_which_none_meets_more(ask, meets):
    scores = {
        f"{ORDER} {place}": [[40 * seg, 20 * det, 90 * cls]]
        for place, (seg, det, cls) in enumerate(meets)
    }
    found = ask(scores)
    counts = found.groupby("cell", sort=False)["by_mean"].sum()
    kept = frontier(found)
    assert counts.idxmax() in kept
    assert counts[kept].is_monotonic_decreasing
    assert set(counts.index[counts == counts.max()]) <= set(kept)
    if counts.max() == len(REQUIREMENTS):
        assert set(counts[kept]) == {len(REQUIREMENTS)}


@pytest.mark.parametrize(
    ("trained", "remedies", "expected"),
    [
        (["seg", "det", "cls"], "", True),
        (["seg", "det", "cls"], "lwf:strength=1.0,temperature=2.0,replay:images=10", True),
        (["seg", "det", "cls"], "replay:images=50", False),
        (["seg", "det", "cls"], "ewc:strength=1.0,images=all,replay:images=10", True),
        (["seg", "det", "cls"], "ewc:strength=1.0,images=10,replay:images=50", False),
        (["seg", "det", "cls"], "replay:images=all,own_rows", False),
        (["seg", "cls", "det"], "", False),
        (["seg", "seg+det", "seg+det+cls"], "", False),
    ],
)
def test_what_the_course_allows(trained, remedies, expected):
    assert allowed(trained, remedies) is expected
