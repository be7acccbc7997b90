"""A study's records made small enough to commit: what the tables need, without the weights.

usage: python -m trainstudy.runs.compact STUDY TARGET
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainstudy.files import read_json, write_json
from trainstudy.runs.faults import Fault, FaultError, read_lines
from trainstudy.runs.record import BARRIERS, CONFUSIONS, METRICS, RUN, STUDY, TESTS

EVERY = 50  # iterations between the training losses that are kept


def compact(study: Path, target: Path, every: int = EVERY) -> None:
    """Copy ``study.json``, ``barriers.json`` and the records of its runs into ``target``, a folder.

    Kept are every validation, exposure and test score, each ``every``-th training loss, and the
    confusion matrices at the budgets; not the checkpoints, whose sums stay in ``run.json``.
    Raises ValueError where a run has not reached its end, for a record that is damaged, and before
    anything is copied where ``target`` holds another study.
    """
    content = read_json(study)
    parts = _parts(study, content)
    _refuse_other_study(target, {run for run, _, _ in parts})
    target.mkdir(parents=True, exist_ok=True)
    for run, until, budgets in parts:
        source, copy = study.parent / run, target / run
        if not _reached(source / RUN, until):
            raise ValueError(f"{source}: has not been trained to its end")
        copy.mkdir(exist_ok=True)
        for name in (RUN, TESTS):
            if (source / name).exists():
                shutil.copyfile(source / name, copy / name)
        _thin(source / METRICS, copy / METRICS, every)
        for budget in budgets:
            (copy / CONFUSIONS).mkdir(exist_ok=True)
            for name in (f"iter_{budget}.npz", f"test_iter_{budget}.npz"):
                if (source / CONFUSIONS / name).exists():
                    shutil.copyfile(source / CONFUSIONS / name, copy / CONFUSIONS / name)
    if (study.parent / BARRIERS).exists():
        shutil.copyfile(study.parent / BARRIERS, target / BARRIERS)
    write_json(target / STUDY, content)


def _parts(study: Path, content: dict[str, Any]) -> list[tuple[str, int | None, list[int]]]:
    """Of a study of arms or of chains: run folders, how far each was to go if the study tells, and
    its budgets. Raises ValueError naming the file where it is of neither."""
    if not content.keys() & {"legs", "chains"}:
        raise ValueError(f"{study}: is of no study: it has neither legs nor chains")
    try:
        if "legs" in content:
            return [(leg["run"], leg["until"], leg["budgets"]) for leg in content["legs"]]
        runs = [stage["run"] for chain in content["chains"] for stage in chain["stages"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{study}: {type(error).__name__}: {error}") from error
    return [(run, None, []) for run in dict.fromkeys(runs)]


def _refuse_other_study(target: Path, runs: set[str]) -> None:
    """Raise ValueError where ``target`` lists runs that are not among these: they would be lost."""
    if not (target / STUDY).exists():
        return
    known = _parts(target / STUDY, read_json(target / STUDY))
    if lost := [run for run, _, _ in known if run not in runs]:
        raise ValueError(
            f"{target / STUDY}: is of another study, with {lost[0]}, which this one has not; "
            "choose another target"
        )


def _reached(path: Path, until: int | None) -> bool:
    """Whether a run went as far as it was to. Raises ValueError for a record that does not tell."""
    record = read_json(path)
    try:
        return bool(record["iteration"] >= (until or record["until"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error


def _thin(source: Path, target: Path, every: int) -> None:
    """Copy the lines that are kept, as they are. Raises FaultError for one that is damaged."""
    with source.open(newline="\n") as lines, target.open("w", newline="\n") as kept:
        for line, (number, row) in zip(lines, read_lines(source, whole=True), strict=True):
            try:
                if row["kind"] != "train" or row["iteration"] % every == 0:
                    kept.write(line)
            except (KeyError, TypeError) as error:
                reason = f"{type(error).__name__}: {error}"
                raise FaultError(Fault(source, number, reason)) from None


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        "python -m trainstudy.runs.compact",
        description="Copy a study's records, with fewer training losses and without weights.",
    )
    parser.add_argument("study", type=Path, help="the folder that has its study.json")
    parser.add_argument("target", type=Path, help="a folder, made if there is none")
    given = parser.parse_args(words)
    try:
        compact(given.study / STUDY, given.target)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(given.target / STUDY)


if __name__ == "__main__":
    main()
