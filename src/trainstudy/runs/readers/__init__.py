"""Other people's runs, and our own, as curves: ``read_runs(path)``."""

from pathlib import Path

from trainstudy.paths import resolve
from trainstudy.runs.readers.events import UNITS, Unit
from trainstudy.runs.readers.formats import LOOKED_FOR
from trainstudy.runs.readers.reading import Collector, Reading
from trainstudy.runs.readers.search import search
from trainstudy.runs.readers.skipped import Skipped

__all__ = ["Reading", "read_runs"]


def read_runs(path: str | Path, *, unit: Unit = "percent") -> Reading:
    """Everything sound in a folder, searched with all folders below it, or in one file.

    Reads mmengine work directories (``scalars.json`` or the text log, one or several starts), mmcv
    logs, ``results.json`` of tests, this project's run folders and CSV tables. No iteration is
    guessed; what is left out is in ``Reading.skipped`` with file, line and reason. ``unit`` is that
    of mIoU and pixel accuracy in the files; the curves are in percent. Memory does not grow with
    the length of a log, only with its evaluations.

    Raises ValueError for an unknown unit, a path that does not exist, or one where nothing is in a
    format that is looked for.
    """
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r}: accepted are {', '.join(UNITS)}")
    try:
        root = resolve(path)
    except FileNotFoundError as error:
        raise ValueError(f"no runs to read: {error}") from None
    root = root.absolute()
    skipped = Skipped()
    found = search(root, skipped)
    if not found.runs and not found.tables:
        reasons = skipped.frame().head(5)
        seen = "; ".join(f"{row.file}: {row.reason}" for row in reasons.itertuples())
        seen = f"; passed over: {seen}" if seen else ""
        raise ValueError(f"{root}: no run found; looked for {LOOKED_FOR}{seen}")
    return Collector(root, unit, skipped).collect(found)
