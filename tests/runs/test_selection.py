import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.selection import PATIENCE, best, chosen, early, stop


def rows(*values):
    return [{"iteration": 10 * place, "mIoU": value} for place, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("values", "patience", "chosen"),
    [
        ((1, 3, 2, 2, 9), 2, 20),  # it stops before the last
        ((1, 3, 2, 2, 9), 3, 50),
        ((1, 3, 3, 9), 1, 20),  # no better is not better
        ((3, 2, 1), 9, 10),
        ((5,), 1, 10),
    ],
)
def test_early_stopping_returns_the_best_it_saw(values, patience, chosen):
    assert early(rows(*values), "mIoU", patience) == chosen


@given(values=st.lists(st.floats(0, 100), min_size=1), patience=st.integers(1, 60))
def test_with_patience_enough_early_stopping_chooses_the_best(values, patience):
    found = rows(*values)
    chosen = early(found, "mIoU", patience)
    assert found[chosen // 10 - 1]["mIoU"] <= found[best(found, "mIoU") // 10 - 1]["mIoU"]
    assert early(found, "mIoU", len(values) + 1) == best(found, "mIoU")
    assert values[best(found, "mIoU") // 10 - 1] == max(values)


def test_nothing_to_choose_from_is_an_error():
    with pytest.raises(ValueError, match="no validation to choose the best 'mIoU' from"):
        early([], "mIoU", 1)
    with pytest.raises(ValueError, match="patience must be at least 1, got 0"):
        early(rows(1), "mIoU", 0)


def test_a_stop_tells_where_the_training_would_have_ended():
    assert stop(rows(1, 3, 2, 2, 9), "mIoU", 2) == (20, 40)
    assert stop(rows(1, 3, 2), "mIoU", 2) == (20, 30)


def test_what_selection_may_ask_for_is_kept_while_it_may():
    one, other = [5, 1, 1, 1, 9, 1], [0, 9, 0, 0, 0, 0]
    found = [{**a, "top1": b} for a, b in zip(rows(*one), other, strict=True)]
    assert PATIENCE == 3
    assert chosen(found[:1], ["mIoU", "top1"]) == {10}
    assert chosen(found[:2], ["mIoU", "top1"]) == {10, 20}
    # the mean is best at 20 until the patience has run out at 50
    assert chosen(found, ["mIoU", "top1"]) == {20, 50}
