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
    """A row whose files are found."""

    line: int
    file: Path
    source: Path
    original: int
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
            file = _located(cells["gen_path"], folder)
            place = file.parent.resolve() / file.name  # a/../b.png is b.png
            if place in rows:
                raise UnsoundError("duplicate row", f"its image is that of line {rows[place].line}")
            source = folder / cells["original_path"]
            rows[place] = Row(line, file, source, original, canonical(cells["target_domain"]))
        except UnsoundError as fault:
            found.problems.append(Problem(line, cells["gen_path"], fault.reason, fault.detail))
    found.rows.extend(rows.values())
    return found


def _cells(manifest: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row; what a column lacks is empty."""
    if not manifest.is_file():
        raise FileNotFoundError(f"{manifest}: there is no such manifest of generated images")
    with manifest.open(newline="", encoding="utf-8-sig") as file:
        try:
            table = csv.DictReader(file, restval="")
            if missing := set(NEEDED) - set(table.fieldnames or ()):
                raise ValueError(f"no column {', '.join(sorted(missing))}")
            for row in table:
                yield table.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}
        except (csv.Error, ValueError) as error:
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
