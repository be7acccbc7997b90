"""The rows of a manifest, with the files they mean."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from trainstudy.data.generated.domains import canonical
from trainstudy.data.generated.originals import Originals, parts
from trainstudy.data.generated.report import Problem, UnsoundError

COLUMNS = ("gen_path", "original_path", "name", "domain", "dataset", "target_domain")
NEEDED = ("gen_path", "original_path", "target_domain")
"""Without these a row says nothing; of the other columns only ``dataset`` is read."""


class Row(NamedTuple):
    """A row whose files are found; ``in_full`` as :meth:`Originals.in_full` says."""

    line: int
    file: Path
    source: Path
    original: int
    in_full: bool
    domain: str

    def problem(self, fault: UnsoundError) -> Problem:
        return Problem(self.line, str(self.file), fault.reason, fault.detail)


@dataclass
class Found:
    """Rows whose files are found, rows that are unsound, and those that other data sets have:
    how many each, and how many of them name a training image."""

    rows: list[Row]
    problems: list[Problem]
    others: Counter[str]
    namesakes: int = 0


def find(manifest: Path, originals: Originals) -> Found:
    """The rows of a manifest. Raises FileNotFoundError, and ValueError where it is no manifest."""
    rows: dict[Path, Row] = {}
    claimed: set[int] = set()
    found = Found([], [], Counter())
    folder = manifest.resolve().parent
    for line, cells in _cells(manifest):
        if originals.of_other(cells["dataset"]):
            found.others[cells["dataset"]] += 1
            found.namesakes += originals.has(cells["original_path"])
            continue
        try:
            if empty := [column for column in NEEDED if not cells[column]]:
                raise UnsoundError("incomplete row", f"no {', '.join(empty)}")
            original = originals.find(cells["original_path"])
            in_full = originals.in_full(cells["original_path"], original)
            if in_full:
                claimed.add(original)
            file = _located(cells["gen_path"], folder)
            place = file.parent.resolve() / file.name  # a/../b.png is b.png
            if place in rows:
                raise UnsoundError("duplicate row", f"its image is that of line {rows[place].line}")
            source = folder / cells["original_path"]
            domain = canonical(cells["target_domain"])
            rows[place] = Row(line, file, source, original, in_full, domain)
        except UnsoundError as fault:
            found.problems.append(Problem(line, cells["gen_path"], fault.reason, fault.detail))
    for row in rows.values():
        if row.in_full or row.original not in claimed:
            found.rows.append(row)
        else:
            detail = "only its file name fits, and another row has this training image's whole path"
            found.problems.append(row.problem(UnsoundError("ambiguous original", detail)))
    return found


def _cells(manifest: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row; what a column lacks is empty."""
    rows = _rows(manifest)
    _, header = next(rows, (0, []))
    if missing := set(NEEDED) - set(header):
        lacks = f"no column {', '.join(sorted(missing))}"
        raise ValueError(f"{manifest}: {lacks}; it needs {', '.join(COLUMNS)}")
    for line, row in rows:
        given = dict(zip(header, row, strict=False))
        yield line, {name: given.get(name, "").strip() for name in COLUMNS}


def _rows(manifest: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not empty, the header's too.

    Raises ValueError as well for a cell that holds a line break: a quote that is not closed takes
    the rows below it into its cell.
    """
    if not manifest.is_file():
        raise FileNotFoundError(f"{manifest}: there is no such manifest of generated images")
    above = 0
    with manifest.open(newline="", encoding="utf-8-sig") as file:
        table = csv.reader(file)
        try:
            for row in table:
                if any("\n" in cell or "\r" in cell for cell in row):
                    raise csv.Error("a cell holds a line break; is a quote not closed?")
                above = table.line_num
                if row:
                    yield above, row
        except csv.Error as error:
            raise ValueError(f"{manifest}: line {above + 1}: {error}") from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{manifest}: {error}; it needs {', '.join(COLUMNS)}") from error


def _located(path: str, folder: Path) -> Path:
    """The file at ``path``: absolute, relative to the manifest's folder, or below that folder
    wherever the whole of it was written. Raises UnsoundError."""
    tail = parts(path)
    moved = tail[len(tail) - tail[::-1].index(folder.name) :] if folder.name in tail else tail
    try:
        for place in (folder / path, folder.joinpath(*moved)):
            if place.is_file():
                return place
    except OSError as error:
        raise UnsoundError("unreadable file", str(error)) from error
    raise UnsoundError("missing file", f"looked for {folder / path}")
