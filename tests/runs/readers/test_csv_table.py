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
        ("none,d,m,10,40", "last line is cut short"),
    ],
)
def test_unsound_rows(write: Write, line: str, reason: str) -> None:
    path = write("a.csv", f"{HEAD}none,d,m,5,39.25\n{line}")
    assert read(path) == ([(5, 39.25)], [reason])


def test_a_whole_last_line_needs_no_line_end(write: Write) -> None:
    assert read(write("a.csv", f"{HEAD}none,d,m,5,39.2\nnone,d,m,6,39.3"))[0][1] == (6, 39.3)


@pytest.mark.parametrize(
    ("columns", "last"),
    [
        ("split", "test\nnone,d,m,6,39.3,val"),
        ("note", "a remark\nnone,d,m,6,39.3,"),
        ("pixel_acc", "90.25\nnone,d,m,6,39.3,"),
        ("run", "a\nnone,d,m,6,39.3,b"),
        ("pixel_acc,,", "90.25,,\nnone,d,m,6,39.3,90,,"),
    ],
)
def test_a_last_line_counts_where_no_cut_can_hide(write: Write, columns: str, last: str) -> None:
    path = write("a.csv", f"{HEAD.strip()},{columns}\nnone,d,m,5,39.2,{last}")
    assert read(path) == ([(5, 39.2), (6, 39.3)], [])


@pytest.mark.parametrize(
    ("column", "whole", "cut"), [("pixel_acc", "90.25", "90"), ("run", "seed_10", "seed_1")]
)
def test_a_last_cell_that_may_be_cut_is_refused(
    write: Write, column: str, whole: str, cut: str
) -> None:
    text = f"{HEAD.strip()},{column}\nnone,d,m,5,39.2,{whole}\nnone,d,m,6,39.3,{cut}"
    assert read(write("a.csv", text)) == ([(5, 39.2)], ["last line is cut short"])


@pytest.mark.parametrize(
    "above", ["", "\n", " \n\n", "sep=,\n", '"sep=,"\n\n', "\ufeffsep=,\n", ",,,,\n"]
)
@pytest.mark.parametrize("columns", ["", ",", ",,"])
def test_what_spreadsheets_put_around_a_table(write: Write, above: str, columns: str) -> None:
    rows = [HEAD.strip(), "none,d,m,5,39.2", "none,d,m,6,39.3"]
    path = write("a.csv", above + "".join(f"{row}{columns}\n" for row in rows))
    assert read(path) == ([(5, 39.2), (6, 39.3)], [])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_where_commas_part_no_cells(write: Write, delimiter: str) -> None:
    rows = [f"{HEAD.strip()},pixel_acc", "none,d,m,5,39~2,90~25", "none,d,m,6,39.3,"]
    text = "\n".join([*rows, "none,d,m,80~000,39~2,90~2", ""])
    path = write("a.csv", text.replace(",", delimiter).replace("~", ","))
    assert read(path) == ([(5, 39.2), (6, 39.3)], ["iteration is not a whole number"])
    first = next(read_table(path, "percent"))
    assert isinstance(first, Row)
    assert first.found.pixel_acc == 90.25


def test_what_is_no_table(write: Write) -> None:
    assert header("gen_path,original_path,name\n") is None
    assert "no header with strategy, dataset" in read(write("a.csv", "a,b\n1,2\n"))[1][0]
    assert read(write("b.csv", ""))[1] == ["file is empty"]
