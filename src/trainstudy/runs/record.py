"""The record of one training: ``run.json`` (what was done, with what) and ``metrics.jsonl``.

``metrics.jsonl`` holds one JSON object a line with ``iteration`` and ``kind``: ``train`` (``loss``,
``lr``), ``val`` (``mIoU`` in percent, ...), ``exposure`` (images that entered the model).
"""

import fcntl
import json
import math
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self

from trainstudy.files import naming, read_json

RUN, METRICS, CHECKPOINTS, CONFUSIONS = "run.json", "metrics.jsonl", "checkpoints", "confusions"
TESTS, STUDY = "tests.jsonl", "study.json"  # scores on the test set; which run is which leg
BARRIERS = "barriers.json"  # scores between the ends of chains
Kind = Literal["train", "val", "exposure"]


class RunInUseError(RuntimeError):
    """Another process is training this run."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a run folder for one trainer; the lock goes with the process, however it dies.

    Raises RunInUseError naming the folder when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunInUseError(f"{folder} is being trained by another process") from None
        yield


def read_record(folder: Path) -> dict[str, Any] | None:
    """The record of a folder that one holds alone; None where there is none, or a damaged one.

    A damaged one is set aside as ``run.json.damaged``, with a warning: what it held is known from
    the run's inputs and its checkpoints, but for the list of its starts.
    """
    for draft in folder.glob(f".{RUN}.*"):  # of writers that were killed
        draft.unlink()
    path = folder / RUN
    if not path.exists():
        return None
    try:
        record = read_json(path)
        starts, iteration = record.get("starts"), record.get("iteration")
        if not isinstance(starts, list) or not isinstance(iteration, int):
            raise ValueError(f"{path}: no list of starts, or no iteration")
    except ValueError as error:
        if isinstance(error.__cause__, OSError):
            raise  # cannot be read now, which says nothing of its content
        warnings.warn(
            f"{error}; set aside as {RUN}.damaged: earlier starts are in it alone", stacklevel=2
        )
        path.replace(path.with_name(f"{RUN}.damaged"))
        return None
    return record


class MetricsLog:
    """Append-only JSON lines that can be cut back to a known size when a run resumes.

    Its methods raise OSError naming the file where it cannot be written.
    """

    def __init__(self, path: Path, size: int = 0) -> None:
        """Open ``path`` and drop everything beyond its first ``size`` bytes.

        Raises ValueError where the file is shorter than that.
        """
        found = path.stat().st_size if path.exists() else 0
        if found < size:
            raise ValueError(f"{path}: {found} bytes, but {size} are to be kept")
        self._path = path
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(size)
        self._file.seek(size)

    def append(self, iteration: int, kind: Kind, **values: Any) -> None:
        """Add one line. Raises ValueError, naming the value, where JSON could not carry it."""
        for name, value in _leaves(values):
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(
                    f"{self._path}: iteration {iteration}: {kind} value {name!r} is {value}"
                )
        line = json.dumps({"iteration": iteration, "kind": kind, **values}) + "\n"
        with naming(self._path):
            self._file.write(line.encode())

    def commit(self) -> int:
        """Flush to the disk and return the size in bytes: what a checkpoint remembers."""
        with naming(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())
            return self._file.tell()

    def flush(self) -> None:
        with naming(self._path):
            self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with naming(self._path):
            self._file.close()


def whole_lines(path: Path) -> bytes:
    """The content of a file, if any, without the torn last line that a killed writer leaves."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def ends_at(path: Path, size: int, iteration: int) -> bool:
    """Whether the first ``size`` bytes of a metrics file are whole lines up to ``iteration``.

    Looks at the last line alone, so that it costs the same for any length.
    """
    if size == 0:
        return iteration == 0
    if not path.is_file() or path.stat().st_size < size:
        return False
    with path.open("rb") as file:
        file.seek(max(0, size - 65_536))
        tail = file.read(min(size, 65_536))
    last = tail[:-1].rpartition(b"\n")[2]
    try:
        return tail.endswith(b"\n") and json.loads(last)["iteration"] == iteration
    except (ValueError, KeyError, TypeError):
        return False


def read_metrics(folder: Path, kind: Kind) -> list[dict[str, Any]]:
    """The lines of one kind of a run folder written by this project, in order.

    A torn last line, as a killed trainer leaves it, is passed over; any other line that is not a
    JSON object raises ValueError with file and line.
    """
    path = folder / METRICS
    rows: list[dict[str, Any]] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from error
            if not isinstance(row, dict):
                found = type(row).__name__
                raise ValueError(f"{path}:{number}: expected a JSON object, found {found}")
            if row.get("kind") == kind:
                rows.append(row)
    return rows


def _leaves(values: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of nested mappings and lists with the names that lead to it."""
    if isinstance(values, dict | list | tuple):
        pairs = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in pairs:
            yield from _leaves(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, values
