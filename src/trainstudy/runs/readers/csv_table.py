"""Tables of results as CSV: ``strategy,dataset,model,iteration,mIoU[,pixel_acc][,run][,split]``."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trainstudy.runs.curves import SPLITS
from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.events import Evaluation, Skip, Unit, UnsoundError
from trainstudy.runs.readers.lines import MAX_LINE, TOO_LONG, is_damaged, lines

REQUIRED = ("strategy", "dataset", "model", "iteration", "mIoU")
OPTIONAL = ("pixel_acc", "run", "split")
DEFAULT_SPLIT = "test"  # published tables report the test split


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


def header(text: str) -> tuple[str, list[str]] | None:
    """Delimiter (comma, semicolon or tab) and columns of a table's first line; None if it is none.

    Letter case does not matter.
    """
    spelling = {name.lower(): name for name in (*REQUIRED, *OPTIONAL)}
    for delimiter in ",;\t":
        try:
            names = [spelling.get(cell.lower(), cell) for cell in _cells(text, delimiter)]
        except csv.Error:
            continue
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
            if len(cells) != len(names):
                raise UnsoundError("row and header differ in cells", f"{len(cells)}, {len(names)}")
            tail.check(cells[-1], is_ended=text.endswith("\n"))
            yield _row(line, dict(zip(names, cells, strict=True)), unit)
        except csv.Error:
            yield Skip(line, "row is not CSV")
        except UnsoundError as error:
            yield error.skip(line)
    if columns is None:
        yield Skip(None, "file is empty")


class _Tail:
    """Tells a number cut short by a torn write from one that merely has no line end after it.

    Tables print their last column with a steady number of digits: the last cell of a file without
    a final line end is refused when it has fewer than every cell above.
    """

    def __init__(self) -> None:
        self.digits: int | None = None

    def check(self, cell: str, *, is_ended: bool) -> None:
        # digits after the point where the column has one, else all of them
        digits = len(cell.partition(".")[2]) * 100 if "." in cell else min(len(cell), 99)
        if self.digits is not None and digits < self.digits and not is_ended:
            raise UnsoundError("last line is cut short")
        self.digits = digits if self.digits is None else min(digits, self.digits)


def _row(line: int, cells: dict[str, str], unit: Unit) -> Row:
    strategy, dataset, model = cells["strategy"], cells["dataset"], cells["model"]
    if not (strategy and dataset and model):
        raise UnsoundError("strategy, dataset or model is empty")
    split = cells.get("split", DEFAULT_SPLIT).lower()
    if split not in SPLITS:
        raise UnsoundError(f"split is neither of {', '.join(SPLITS)}", split[:40])
    at = numbers.iteration_text(cells["iteration"])
    scores = {key: cells[key] for key in ("mIoU", "pixel_acc") if cells.get(key)}
    if "mIoU" not in scores:
        raise UnsoundError("mIoU is empty")
    found = numbers.evaluation(line, scores, unit)
    found = found._replace(iteration=at, split=split)
    return Row(strategy, dataset, model, cells.get("run", ""), found)
