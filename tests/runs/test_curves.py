import pandas as pd
import pytest

from trainstudy.runs import curves

ROW = {
    "strategy": "none",
    "dataset": "d",
    "model": "m",
    "run": "r",
    "split": "val",
    "iteration": 10,
    "mIoU": 40.0,
    "pixel_acc": float("nan"),
    "source": "a.csv:2",
}


def test_empty_and_sorted_frames_are_valid() -> None:
    assert curves.validate(curves.empty()).empty
    made = curves.frame([{**ROW, "iteration": 20}, ROW, {**ROW, "run": "a"}])
    assert curves.validate(made) is made
    assert made[["run", "iteration"]].to_numpy().tolist() == [["a", 10], ["r", 10], ["r", 20]]
    assert curves.configuration(made).unique().tolist() == ["none/d/m"]
    assert made.dtypes.astype(str).to_dict() == curves.empty().dtypes.astype(str).to_dict()


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ({"iteration": 0}, "iteration below 1"),
        ({"mIoU": float("nan")}, "mIoU outside"),
        ({"mIoU": 100.1}, "mIoU outside"),
        ({"pixel_acc": -1.0}, "pixel_acc outside"),
        ({"split": "train"}, "split is neither of val, test"),
        ({"model": ""}, "a name is missing"),
        ({}, "a second row"),
    ],
)
def test_the_first_bad_row_is_named(bad: dict[str, object], rule: str) -> None:
    made = curves.frame([ROW, {**ROW, "run": "s", "source": "a.csv:9", **bad} if bad else ROW])
    with pytest.raises(ValueError, match=rf"^mine: row [01] \(a\.csv:[29]\): {rule}"):
        curves.validate(made, "mine")


@pytest.mark.parametrize("column", ["mIoU", "iteration", "pixel_acc"])
def test_types_and_columns_are_checked(column: str) -> None:
    made = curves.frame([ROW])
    with pytest.raises(ValueError, match=f"column '{column}' is"):
        curves.validate(made.astype({column: "str"}))
    with pytest.raises(ValueError, match=f"no column '{column}'"):
        curves.validate(pd.DataFrame(made.drop(columns=column)))
