"""Where in a folder the runs are, and which files belong to which start of which run."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trainstudy.runs.readers.csv_table import REQUIRED
from trainstudy.runs.readers.events import Skip
from trainstudy.runs.readers.formats import FORMATS, SUFFIXES, TABLES, Format, sniff
from trainstudy.runs.readers.schedules import LIMIT
from trainstudy.runs.readers.skipped import Skipped
from trainstudy.runs.readers.test_results import BELOW_RUN

TIMESTAMP = re.compile(r"\d{8}_\d{6}")
_CHECKPOINT = re.compile(r"iter_(\d{1,15})\.pth")
_CONFIGURATION = re.compile(rb"\btrain_cfg\b|\bmax_iters\b|\bmax_epochs\b")
_ORDER = {known.name: position for position, known in enumerate(FORMATS)}


@dataclass
class RunFiles:
    """The files of one run folder. ``starts`` maps a timestamp ("" without) to its logs."""

    starts: dict[str, list[tuple[Format, Path]]] = field(default_factory=dict)
    tests: list[Path] = field(default_factory=list)
    configurations: list[Path] = field(default_factory=list)
    has_run_json: bool = False
    last_checkpoint: int | None = None

    @property
    def is_record(self) -> bool:
        """Whether this project wrote it, so that ``run.json`` must name what was trained."""
        known = {known.name for logs in self.starts.values() for known, _ in logs}
        return "run record" in known or (self.has_run_json and not known)

    def add(self, known: Format, path: Path) -> None:
        if known.name == "test result":
            self.tests.append(path)
            return
        found = TIMESTAMP.match(path.name) or next(
            (part for part in map(TIMESTAMP.fullmatch, reversed(path.parts[:-1])) if part), None
        )
        self.starts.setdefault(found[0] if found else "", []).append((known, path))

    def ordered(self) -> Iterator[list[tuple[Format, Path]]]:
        """The logs of each start in time; those of one start with the most exact format first.

        Logs without a timestamp count only where there is none with one (they are copies, such as
        a terminal's), and there every file of the most exact format is a start, by name.
        """
        for timestamp in sorted(self.starts):
            logs = sorted(self.starts[timestamp], key=lambda log: (_ORDER[log[0].name], log[1]))
            if timestamp:
                yield sorted(logs, key=lambda log: log[1].name != "scalars.json")
            elif len(self.starts) == 1:
                yield from ([log] for log in logs if log[0].name == logs[0][0].name)

    def unused(self) -> Iterator[Path]:
        """Logs that ``ordered`` passes over."""
        logs = self.starts.get("", [])
        best = min((_ORDER[known.name] for known, _ in logs), default=0)
        for known, path in logs:
            if len(self.starts) > 1 or _ORDER[known.name] > best:
                yield path


@dataclass
class Found:
    """All that a search came upon, runs by folder."""

    runs: dict[Path, RunFiles] = field(default_factory=dict)
    tables: list[Path] = field(default_factory=list)

    def run(self, folder: Path) -> RunFiles:
        return self.runs.setdefault(folder, RunFiles())


def run_folder(path: Path, root: Path) -> Path:
    """The folder of the run that a log or a test result belongs to, not above a root folder."""
    folder = path.parent
    while BELOW_RUN.fullmatch(folder.name) and folder not in (root, folder.parent):
        folder = folder.parent
    return folder


def search(root: Path, skipped: Skipped) -> Found:
    """Everything below a folder, or the one file, that some format claims.

    Links are followed, each folder is entered once. What cannot be read is reported.
    """
    found = Found()
    for path in [root] if root.is_file() else _files(root, skipped):
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait forever
                continue
            _classify(path, root, found, skipped)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            skipped.add(label(path, root), Skip(None, reason))
    return found


def label(path: Path, root: Path) -> str:
    """A path as reports name it: from the root that was asked for, else its last part."""
    is_below = path != root and path.is_relative_to(root)
    return printable(path.relative_to(root).as_posix() if is_below else path.name)


def printable(name: str) -> str:
    """A name that can be written as UTF-8, whatever bytes a file system has in it."""
    return name.encode(errors="replace").decode()


def _files(root: Path, skipped: Skipped) -> Iterator[Path]:
    def report(error: OSError) -> None:
        where = label(Path(error.filename), root)
        skipped.add(where, Skip(None, f"cannot be read: {error.strerror}"))

    seen: set[Path] = set()
    for folder, below, files in os.walk(root, followlinks=True, onerror=report):
        here = Path(folder).resolve()
        if here in seen:
            below.clear()
            continue
        seen.add(here)
        below[:] = sorted(name for name in below if not name.startswith((".", "__")))
        yield from (Path(folder, name) for name in sorted(files))


def _classify(path: Path, root: Path, found: Found, skipped: Skipped) -> None:
    if checkpoint := _CHECKPOINT.fullmatch(path.name):
        run = found.run(path.parent)
        run.last_checkpoint = max(run.last_checkpoint or 0, int(checkpoint[1]))
    elif path.name == "run.json":
        found.run(path.parent).has_run_json = True
    elif path.suffix == ".py":
        if path.parent.name != "vis_data" and _is_configuration(path):
            found.run(run_folder(path, root)).configurations.append(path)
    elif path == root or path.suffix in SUFFIXES:
        known = sniff(path)
        if known is None:
            if path.suffix in TABLES:
                reason = f"no results table: no header with {', '.join(REQUIRED)}"
                skipped.add(label(path, root), Skip(None, reason))
        elif known.read is None:
            found.tables.append(path)
        else:
            is_record = known.name == "run record"
            folder = path.parent if is_record else run_folder(path, root)
            found.run(folder).add(known, path)


def _is_configuration(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_CONFIGURATION.search(file.read(LIMIT)))
