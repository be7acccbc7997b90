"""A study's records made small enough to commit: what the tables need, without the weights.

usage: python -m trainstudy.runs.compact STUDY TARGET
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainstudy.files import read_json, write_json
from trainstudy.runs.record import BARRIERS, CONFUSIONS, METRICS, RUN, STUDY, TESTS

EVERY = 50  # iterations between the training losses that are kept


def compact(study: Path, target: Path, every: int = EVERY) -> None:
    """Copy ``study.json``, ``barriers.json`` and the records of its runs into ``target``, a folder.

    Kept are every validation, exposure and test score, each ``every``-th training loss, and the
    confusion matrices at the budgets; not the checkpoints, whose sums stay in ``run.json``.
    Raises ValueError where a run has not reached its end.
    """
    content = read_json(study)
    target.mkdir(parents=True, exist_ok=True)
    for run, until, budgets in _parts(content):
        source, copy = study.parent / run, target / run
        record = read_json(source / RUN)
        if record["iteration"] < (until or record["until"]):
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


def _parts(content: dict[str, Any]) -> list[tuple[str, int | None, list[int]]]:
    """Of a study of arms or of chains: run folders, how far each was to go if the study tells, and
    its budgets."""
    if "legs" in content:
        return [(leg["run"], leg["until"], leg["budgets"]) for leg in content["legs"]]
    runs = [stage["run"] for chain in content["chains"] for stage in chain["stages"]]
    return [(run, None, []) for run in dict.fromkeys(runs)]


def _thin(source: Path, target: Path, every: int) -> None:
    with source.open() as lines, target.open("w") as kept:
        for line in lines:
            row = json.loads(line)
            if row["kind"] != "train" or row["iteration"] % every == 0:
                kept.write(line)


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
