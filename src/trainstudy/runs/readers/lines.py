"""Lines of a file of any size, in bounded memory, whatever is in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from trainstudy.runs.readers.events import Skip, UnsoundError

MAX_LINE = 2**20  # characters; a whole mmsegmentation configuration on one line has about 2**14
_DECODER = json.JSONDecoder()  # its raw_decode is twice as fast as json.loads on short lines
TOO_LONG = f"line is longer than {MAX_LINE} characters"


def _open(path: Path) -> TextIO:
    with path.open("rb") as file:
        start = file.read(2)
    encoding = "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    # A byte that is no text becomes U+FFFD: the damage stays visible, the rest stays readable.
    return path.open(encoding=encoding, errors="replace")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line; a line beyond ``MAX_LINE`` comes as its first part, unended.

    The text keeps its line end, so that a line cut short by a crash can be told from a whole one.
    Raises OSError where the file cannot be read.
    """
    with _open(path) as file:
        number = 0
        while text := file.readline(MAX_LINE):
            number += 1
            yield number, text
            while len(text) == MAX_LINE and not text.endswith("\n"):
                text = file.readline(MAX_LINE)


def is_damaged(text: str) -> bool:
    """Whether a line holds bytes that no program wrote as text."""
    return "\ufffd" in text or "\0" in text


def json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    """Line number and object of each line of a JSON-lines file, or why that line is none."""
    for number, text in lines(path):
        try:
            stripped = text.strip()
            found, end = _DECODER.raw_decode(stripped)
            if end != len(stripped):
                raise ValueError("more than one value")
        except (ValueError, RecursionError):
            if text.strip():
                yield number, Skip(number, _why_no_json(text))
            continue
        if isinstance(found, dict):
            yield number, found
        else:
            yield number, Skip(number, "line is JSON but not an object")


def _why_no_json(text: str) -> str:
    if len(text) == MAX_LINE:
        return TOO_LONG
    return "line is not JSON" if text.endswith("\n") else "last line is cut short"


def json_object(path: Path, limit: int = 2**26) -> dict[str, Any]:
    """The one object a JSON file holds. Raises UnsoundError, or OSError if it cannot be read."""
    if path.stat().st_size > limit:
        raise UnsoundError(f"file is larger than the {limit >> 20} MiB a result can have")
    try:
        with _open(path) as file:
            found = json.load(file)
    except (ValueError, RecursionError):
        raise UnsoundError("file is not JSON, or is cut short") from None
    if not isinstance(found, dict):
        raise UnsoundError("file is JSON but not an object")
    return found
