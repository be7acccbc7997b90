"""Everything sound that a folder holds, as data frames."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trainstudy.runs import curves
from trainstudy.runs.readers.copies import copies
from trainstudy.runs.readers.csv_table import read_table
from trainstudy.runs.readers.events import Evaluation, Reader, Skip, Unit, UnsoundError
from trainstudy.runs.readers.formats import Format
from trainstudy.runs.readers.names import UNKNOWN, Names, names_of
from trainstudy.runs.readers.run_record import read_names
from trainstudy.runs.readers.schedules import schedule_of
from trainstudy.runs.readers.search import Found, RunFiles, label, printable
from trainstudy.runs.readers.skipped import Skipped
from trainstudy.runs.readers.start import CONFLICT, MAY_BE_FRACTIONS, Start, join
from trainstudy.runs.readers.test_results import BELOW_RUN, read_test_results
from trainstudy.runs.readers.test_sets import keep_one_set, leave_out_beyond

RUNS = {
    "run": "str",
    "strategy": "str",
    "dataset": "str",
    "model": "str",
    "last_iteration": "Int64",
    "target": "Int64",
    "state": "str",
}
TRAIN = {"run": "str", "iteration": "int64", "loss": "float64", "lr": "float64"}


@dataclass(frozen=True)
class Reading:
    """What was read, and what was not.

    curves: a row an evaluated checkpoint (see ``trainstudy.runs.curves``).
    train: ``run, iteration, loss, lr`` of training lines, thinned to some thousands a start.
    skipped: ``file, line, reason, count``: what was left out, or kept with a remark ("kept ...").
    runs: ``run, strategy, dataset, model, last_iteration, target, state``; the state is completed
    (target reached), running (not yet), pending (no iteration yet) or unknown (no target known).
    """

    curves: pd.DataFrame
    train: pd.DataFrame
    skipped: pd.DataFrame
    runs: pd.DataFrame


class Collector:
    """Reads what a search found, one run after the other."""

    def __init__(self, root: Path, unit: Unit, skipped: Skipped) -> None:
        self.root, self.unit, self.skipped = root, unit, skipped
        self._curves: dict[tuple[object, ...], dict[str, object]] = {}
        self._train: list[tuple[str, int, float, float]] = []
        self._runs: list[tuple[object, ...]] = []
        self._tabled: dict[tuple[Names, str], int] = {}

    def collect(self, found: Found) -> Reading:
        """All runs and tables, in the order of their paths."""
        for folder in sorted(found.runs):
            self._run(folder, found.runs[folder])
        for path in sorted(found.tables):
            self._table(path)
        for (names, run), last in self._tabled.items():
            self._state(run, names, last, None)
        self._count_once()
        return Reading(
            curves=curves.validate(curves.frame(list(self._curves.values())), str(self.root)),
            train=pd.DataFrame(self._train, columns=list(TRAIN)).astype(TRAIN),
            skipped=self.skipped.frame(),
            runs=pd.DataFrame(self._runs, columns=list(RUNS)).astype(RUNS),
        )

    def _run(self, folder: Path, files: RunFiles) -> None:
        names = self._names(folder, files)
        if names is None:
            return
        run = label(folder, self.root)
        starts = [self._best(logs) for logs in files.ordered()]
        for path in files.unused():
            reason = "not read: this run has a more exact log or one with a timestamp"
            self.skipped.add(label(path, self.root), Skip(None, reason))
        join(starts)
        trained = [start.last for start in starts if start.last is not None][-1:]
        trained += [files.last_checkpoint] if files.last_checkpoint else []
        targets = [start.target for start in starts if start.target is not None]
        tests = {path: self._read(read_test_results, path) for path in sorted(files.tests)}
        if targets:  # said by a log; a configuration beside it may be of another training
            leave_out_beyond(tests.values(), max(targets + trained))
        evaluated = [one.iteration for start in (*starts, *tests.values()) for one in start.tests]
        keep_one_set(tests)
        for start in (*starts, *tests.values()):
            for found in start.in_percent(self.unit):
                self._add(names, run, start.file, found)
            self._train += [(run, at, loss, lr) for _, at, loss, lr in start.train]
        target = targets[-1] if targets else self._configured(files.configurations)
        if trained or evaluated or files.configurations or files.is_record:
            self._state(run, names, max(trained + evaluated, default=None), target)

    def _names(self, folder: Path, files: RunFiles) -> Names | None:
        if files.is_record:
            try:
                return Names(*map(printable, read_names(folder).values()))
            except UnsoundError as error:
                self.skipped.add(label(folder, self.root), error.skip(None))
                return None
        while BELOW_RUN.fullmatch(folder.name) and folder.parent != folder:
            folder = folder.parent
        names = names_of(folder, self.root if self.root.is_dir() else folder)
        if UNKNOWN in names:
            missing = [field for field, name in names._asdict().items() if name == UNKNOWN]
            reason = f"kept: no {' and '.join(missing)} in the path, called {UNKNOWN!r}"
            self.skipped.add(label(folder, self.root), Skip(None, reason))
        return Names(*map(printable, names))

    def _best(self, logs: list[tuple[Format, Path]]) -> Start:
        """The most exact log of a start that has evaluations, else the first that has anything."""
        read: list[Start] = []
        for known, path in logs:
            read.append(self._read(known.read, path))
            if read[-1].validations or read[-1].tests:
                return read[-1]
        return next((start for start in read if start.last is not None), read[0])

    def _read(self, reader: Reader | None, path: Path) -> Start:
        start = Start(label(path, self.root), self.skipped)
        try:
            start.extend(reader(path, self.unit) if reader else ())
            if path.stat().st_size == 0:
                self.skipped.add(start.file, Skip(None, "file is empty"))
        except OSError as error:
            self.skipped.add(start.file, Skip(None, f"cannot be read: {error.strerror}"))
        return start

    def _table(self, path: Path) -> None:
        file, highest = label(path, self.root), dict[tuple[Names, str], float]()
        default = Path(file).with_suffix("").as_posix()
        for row in read_table(path, self.unit):
            if isinstance(row, Skip):
                self.skipped.add(file, row)
                continue
            names, run = Names(row.strategy, row.dataset, row.model), row.run or default
            if row.found.note:
                self.skipped.add(file, Skip(row.found.line, row.found.note))
            self._add(names, run, file, row.found)
            highest[names, run] = max(row.found.miou, highest.get((names, run), 0))
            self._tabled[names, run] = max(row.found.iteration, self._tabled.get((names, run), 0))
        if self.unit == "percent":
            self._check_units(file, highest)

    def _check_units(self, file: str, highest: dict[tuple[Names, str], float]) -> None:
        """Remark on a table in fractions, or on those of its runs that are."""
        low = [(names, run) for (names, run), score in highest.items() if score <= 1]
        if low and len(low) == len(highest):
            self.skipped.add(file, Skip(None, MAY_BE_FRACTIONS))
            return
        for names, run in low:
            name = "/".join((*names, run))
            self.skipped.add(file, Skip(None, f"{name}: {MAY_BE_FRACTIONS}"))

    def _configured(self, configurations: list[Path]) -> int | None:
        """The length that the configurations of a run agree on."""
        lengths = {schedule_of(path).max_iters for path in configurations} - {None}
        return lengths.pop() if len(lengths) == 1 else None

    def _add(self, names: Names, run: str, file: str, found: Evaluation) -> None:
        source = file if found.line is None else f"{file}:{found.line}"
        key = (*names, run, found.split, found.iteration)
        scores = {"mIoU": found.miou, "pixel_acc": found.pixel_acc, "source": source}
        if key in self._curves and self._curves[key]["mIoU"] != found.miou:
            earlier, line = _place(str(self._curves[key]["source"]))
            self.skipped.add(earlier, Skip(line, CONFLICT))
        self._curves[key] = dict(zip(curves.KEY, key, strict=True)) | scores

    def _count_once(self) -> None:
        """Leave out results that another run has too, and runs that have no others."""
        held = {key[:4] for key in self._curves}
        rows = pd.DataFrame(list(self._curves.values()), columns=curves.COLUMNS)
        for key, original in zip(list(self._curves), copies(rows), strict=True):
            if original:
                file, line = _place(str(self._curves.pop(key)["source"]))
                self.skipped.add(file, Skip(line, f"the same results as {original}: counted once"))
        left = {key[:4] for key in self._curves}
        copied = {run for *_, run in held - left} - {run for *_, run in left}
        self._train = [row for row in self._train if row[0] not in copied]
        self._runs = [row for row in self._runs if (*row[1:4], row[0]) not in held - left]

    def _state(self, run: str, names: Names, last: int | None, target: int | None) -> None:
        if last is None:
            state = "pending"
        elif target is None:
            state = "unknown"
        else:
            state = "completed" if last >= target else "running"
        self._runs.append((run, *names, last, target, state))


def _place(source: str) -> tuple[str, int | None]:
    """The file and the line of a source, where it names one; a path may hold colons too."""
    file, _, line = source.rpartition(":")
    return (file, int(line)) if file and line.isdecimal() else (source, None)
