from collections.abc import Callable
from pathlib import Path

import pytest

from trainstudy.runs.readers.csv_table import Row, header, read_table
from trainstudy.runs.readers.events import Skip

Write = Callable[[str, str], Path]
HEAD = "strategy,dataset,model,iteration,mIoU\n"


def read(path: Path) -> tuple[list[tuple[int, float]], list[str]]:
    rows = list(read_table(path, "percent"))
    found = [(row.found.iteration, row.found.miou) for row in rows if isinstance(row, Row)]
    return found, [row.reason for row in rows if isinstance(row, Skip)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_and_byte_order_marks(write: Write, delimiter: str, mark: str) -> None:
    text = f'{mark}{HEAD}none,"streets",m,1000,41.5\r\n\nnone,streets,m,2000.0,42\n'
    path = write("a.csv", text.replace(",", delimiter))
    assert read(path) == ([(1000, 41.5), (2000, 42.0)], [])


def test_optional_columns_in_any_order(write: Write) -> None:
    columns = "run,miou,PIXEL_ACC,split,note,iteration,model,dataset,strategy"
    path = write("a.csv", f"{columns}\nr1,41.5,,val,x,10,m,d,s\n")
    (row,) = read_table(path, "percent")
    assert isinstance(row, Row)
    assert row[:4] == ("s", "d", "m", "r1")
    assert row.found.split == "val"
    assert row.found.pixel_acc != row.found.pixel_acc


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("none,d,m,10.5,40\n", "iteration is not a whole number"),
        ("none,d,m,1e4,40\n", "iteration is not a whole number"),
        ("none,d,m,8_000,40\n", "iteration is not a whole number"),
        ("none,d,m,0,40\n", "iteration is not positive"),
        ("none,d,m,99999999999999999999,40\n", "iteration is impossibly large"),
        ("none,d,m,10,NaN\n", "mIoU is not finite"),
        ("none,d,m,10,\n", "mIoU is empty"),
        ("none,d,m,10,40;5\n", "mIoU is not a number"),
        ("none,d,m,10,101\n", "mIoU is outside 0 to 100 percent"),
        (",d,m,10,40\n", "strategy, dataset or model is empty"),
        ("none,d,m,10\n", "row and header differ in cells"),
        ("none,d,m,10,40,3\n", "row and header differ in cells"),
        ('none,"d,m,10,40\n', "row is not CSV"),
        ("none,\0,m,10,40\n", "line is not text"),
        ("none,d,m,10,4", "last line is cut short"),
        ("none,d,m,10,40.", "last line is cut short"),
    ],
)
def test_unsound_rows(write: Write, line: str, reason: str) -> None:
    path = write("a.csv", f"{HEAD}none,d,m,5,39.25\n{line}")
    assert read(path) == ([(5, 39.25)], [reason])


def test_a_whole_last_line_needs_no_line_end(write: Write) -> None:
    assert read(write("a.csv", f"{HEAD}none,d,m,5,39.2\nnone,d,m,6,39.3"))[0][1] == (6, 39.3)


def test_what_is_no_table(write: Write) -> None:
    assert header("gen_path,original_path,name\n") is None
    assert "no header with strategy, dataset" in read(write("a.csv", "a,b\n1,2\n"))[1][0]
    assert read(write("b.csv", ""))[1] == ["file is empty"]
