"""The file formats of other people's runs, and how a file shows which one it is in."""

import json
from collections.abc import Callable
from itertools import filterfalse, islice
from pathlib import Path
from typing import NamedTuple

from trainstudy.runs.readers.csv_table import header, is_preamble
from trainstudy.runs.readers.events import Reader
from trainstudy.runs.readers.lines import lines
from trainstudy.runs.readers.mmcv_json import read_mmcv_json
from trainstudy.runs.readers.run_record import read_run_record
from trainstudy.runs.readers.scalars import read_scalars
from trainstudy.runs.readers.test_results import read_test_results
from trainstudy.runs.readers.text_log import read_text_log

PEEK_LINES = 20  # decide the format of a file whose name does not
TABLES = (".csv", ".tsv")
SUFFIXES = (".json", ".jsonl", ".log", *TABLES)  # looked at in a folder


class Format(NamedTuple):
    """A format, whether a file's name says it is in it, and whether its first lines do."""

    name: str
    is_named: Callable[[Path], bool]
    is_like: Callable[[str], bool]
    read: Reader | None  # None for tables, which describe many runs


def _first_object(start: str) -> dict[str, object]:
    for text in (start, *start.splitlines()):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def _is_run_record(start: str) -> bool:
    return {"kind", "iteration"} <= _first_object(start).keys()


def _is_scalars(start: str) -> bool:
    found = _first_object(start).keys()
    return "step" in found and bool({"mIoU", "loss", "lr", "iter"} & found)


def _is_mmcv_json(start: str) -> bool:
    found = _first_object(start)
    return "env_info" in found or found.get("mode") in ("train", "val")


def _is_test_result(start: str) -> bool:
    found = _first_object(start)
    overall = found.get("overall", found)
    return isinstance(overall, dict) and "mIoU" in overall and "step" not in found


def _is_text_log(start: str) -> bool:
    signs = ("Iter(train)", "Epoch(train)", "- mmengine -", "- mmseg -")
    return any(sign in start for sign in signs)


def _is_table(start: str) -> bool:
    return header(next(filterfalse(is_preamble, start.split("\n")), "")) is not None


# In the order in which the formats of one start are preferred: exact steps first.
FORMATS = (
    Format(
        "run record",
        lambda path: path.name == "metrics.jsonl",
        _is_run_record,
        read_run_record,
    ),
    Format("scalars", lambda path: path.name == "scalars.json", _is_scalars, read_scalars),
    Format(
        "mmcv json",
        lambda path: path.name.endswith(".log.json"),
        _is_mmcv_json,
        read_mmcv_json,
    ),
    Format("text log", lambda path: path.suffix == ".log", _is_text_log, read_text_log),
    Format(
        "test result",
        lambda path: path.name == "results.json",
        _is_test_result,
        read_test_results,
    ),
    Format(
        "table",
        lambda path: False,
        _is_table,
        None,
    ),
)
LOOKED_FOR = (
    "vis_data/scalars.json, *.log, *.log.json, results.json, run.json with metrics.jsonl, *.csv"
)


def sniff(path: Path) -> Format | None:
    """The format of a file, by its name, else by its first lines; None where it is in none.

    Only its first line that says anything makes a table: most CSV files are about something else.

    Raises OSError where the file cannot be read.
    """
    for known in FORMATS:
        if known.read and known.is_named(path):
            return known
    start = "".join(text for _, text in islice(lines(path), PEEK_LINES))
    return next((known for known in FORMATS if known.is_like(start)), None)
