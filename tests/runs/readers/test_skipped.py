from trainstudy.runs.readers.events import Skip
from trainstudy.runs.readers.skipped import COLUMNS, Skipped


def test_one_row_for_any_number_of_equal_reasons() -> None:
    skipped = Skipped()
    for line in (7, 3, 9):
        skipped.add("b", Skip(line, "bad", f"line {line}"))
    skipped.add("a", Skip(None, "bad"))
    frame = skipped.frame()
    assert frame.drop(columns="line").to_numpy().tolist() == [
        ["a", "bad", 1],
        ["b", "bad (line 3)", 3],
    ]
    assert frame["line"].isna().tolist() == [True, False]
    assert frame["line"][1] == 3


def test_nothing_skipped_has_the_same_columns() -> None:
    assert Skipped().frame().dtypes.astype(str).to_dict() == COLUMNS
