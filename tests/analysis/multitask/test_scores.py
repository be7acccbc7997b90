import pytest

from trainstudy.analysis.multitask.scores import COLUMNS, frame, validate


def test_no_rows_are_scores_too():
    assert frame([]).columns.tolist() == COLUMNS
    assert validate(frame([])).empty


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("score", 100.5, "outside 0 to 100"),
        ("score", float("nan"), "outside 0 to 100"),
        ("task", "pose", "none of seg, det, cls"),
        ("trained", "seg,det", r"joined by '\+'"),
        ("split", "dev", "none of val, test"),
        ("iteration", -1, "below 0"),
        ("total", 3, "total below iteration"),
        ("iteration", 5, "not its last evaluation"),
        ("task", "det", "second row"),
    ],
)
def test_the_first_row_that_breaks_a_rule_is_named(make, ends, column, value, rule):
    scores = make({"joint": [ends([1, 2, 3])] * 2})
    scores.loc[3, column] = value
    with pytest.raises(ValueError, match=rf"^mine: row [345]: .*{rule}"):
        validate(scores, "mine")


def test_a_missing_column_is_named(make, ends):
    with pytest.raises(ValueError, match="no column 'trained'"):
        validate(make({"joint": [ends([1, 2, 3])]}).drop(columns="trained"))
