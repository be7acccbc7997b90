"""Tables of results as CSV: ``strategy,dataset,model,iteration,mIoU[,pixel_acc][,run][,split]``."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trainstudy.runs.curves import SPLITS
from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.events import Evaluation, Skip, Unit, UnsoundError
from trainstudy.runs.readers.lines import MAX_LINE, TOO_LONG, is_damaged, lines

REQUIRED = ("strategy", "dataset", "model", "iteration", "mIoU")
OPTIONAL = ("pixel_acc", "run", "split")
SCORES = ("mIoU", "pixel_acc")
CUT_HARMS = (*REQUIRED, "pixel_acc", "run")
DEFAULT_SPLIT = "test"  # published tables report the test split
_DELIMITER = re.compile(r'"?sep=.?"?', re.IGNORECASE)  # Excel's own first line
_DECIMAL_COMMA = re.compile(r"\d+,\d+", re.ASCII)


class Row(NamedTuple):
    """One line of a table; ``run`` is empty where the table does not tell runs apart."""

    strategy: str
    dataset: str
    model: str
    run: str
    found: Evaluation


def _cells(text: str, delimiter: str) -> list[str]:
    # line by line: a stray quote then costs one line and not the rest of the file
    cells = next(csv.reader([text.rstrip("\n")], delimiter=delimiter, strict=True), [])
    return [cell.strip() for cell in cells]


def is_preamble(text: str) -> bool:
    """Whether a line above the header says nothing of a table: no text, or Excel's ``sep=;``."""
    return not text.strip(" ,;\t\r\n") or _DELIMITER.fullmatch(text.strip()) is not None


def header(text: str) -> tuple[str, list[str]] | None:
    """Delimiter (comma, semicolon or tab) and columns of a table's first line; None if it is none.

    Letter case does not matter, nor do empty columns at the end.
    """
    spelling = {name.lower(): name for name in (*REQUIRED, *OPTIONAL)}
    for delimiter in ",;\t":
        try:
            names = [spelling.get(cell.lower(), cell) for cell in _cells(text, delimiter)]
        except csv.Error:
            continue
        while names and not names[-1]:
            names.pop()
        if set(REQUIRED) <= set(names) and len(set(names)) == len(names):
            return delimiter, names
    return None


def read_table(path: Path, unit: Unit) -> Iterator[Row | Skip]:
    """Rows of a table, in order, with what could not be read."""
    columns: tuple[str, list[str]] | None = None
    tail = _Tail()
    for line, text in lines(path):
        if not text.strip():
            continue
        if columns is None:
            if is_preamble(text):
                continue
            columns = header(text)
            if columns is None:
                yield Skip(line, f"no results table: no header with {', '.join(REQUIRED)}")
                return
            continue
        try:
            delimiter, names = columns
            if len(text) == MAX_LINE or is_damaged(text):
                raise UnsoundError(TOO_LONG if len(text) == MAX_LINE else "line is not text")
            cells = _cells(text, delimiter)
            row = _named(cells, names, delimiter)
            is_ended = text.endswith("\n") or len(cells) > len(names)
            tail.check(names[-1], row[names[-1]], is_ended=is_ended)
            yield _row(line, row, unit)
        except csv.Error:
            yield Skip(line, "row is not CSV")
        except UnsoundError as error:
            yield error.skip(line)
    if columns is None:
        yield Skip(None, "file is empty")


def _named(cells: list[str], names: list[str], delimiter: str) -> dict[str, str]:
    """The cells by column, with a decimal point. Raises UnsoundError for too few or too many."""
    if len(cells) < len(names) or any(cells[len(names) :]):
        raise UnsoundError("row and header differ in cells", f"{len(cells)}, {len(names)}")
    row = dict(zip(names, cells, strict=False))
    for name in SCORES:
        # no score has thousands, so that a comma that parts no cells can only be a decimal one
        if delimiter != "," and _DECIMAL_COMMA.fullmatch(row.get(name, "")):
            row[name] = row[name].replace(",", ".")
    return row


class _Tail:
    """Tells a cell cut short by a torn write from one that merely has no line end after it.

    Tables print their last column with a steady number of digits: the last cell of a file without
    a final line end is refused when it has fewer than every cell above. Not so where a cut would
    show or do no harm: in the name of a split, an accuracy left empty, a column that is not read.
    """

    def __init__(self) -> None:
        self.digits: int | None = None

    def check(self, column: str, cell: str, *, is_ended: bool) -> None:
        if column not in CUT_HARMS or (column == "pixel_acc" and not cell):
            return
        # digits after the point where the column has one, else all of them
        digits = len(cell.partition(".")[2]) * 100 if "." in cell else min(len(cell), 99)
        if self.digits is not None and digits < self.digits and not is_ended:
            raise UnsoundError("last line is cut short", "no line end, and fewer digits than above")
        self.digits = digits if self.digits is None else min(digits, self.digits)


def _row(line: int, cells: dict[str, str], unit: Unit) -> Row:
    strategy, dataset, model = cells["strategy"], cells["dataset"], cells["model"]
    if not (strategy and dataset and model):
        raise UnsoundError("strategy, dataset or model is empty")
    split = cells.get("split", DEFAULT_SPLIT).lower()
    if split not in SPLITS:
        raise UnsoundError(f"split is neither of {', '.join(SPLITS)}", split[:40])
    at = numbers.iteration_text(cells["iteration"])
    scores = {key: cells[key] for key in SCORES if cells.get(key)}
    if "mIoU" not in scores:
        raise UnsoundError("mIoU is empty")
    found = numbers.evaluation(line, scores, unit)
    found = found._replace(iteration=at, split=split)
    return Row(strategy, dataset, model, cells.get("run", ""), found)
