"""A multi-task study on disk: which runs are whose stages, and what each scored."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask.scores import TASKS, frame
from trainstudy.files import read_json
from trainstudy.runs.record import RUN, STUDY, TESTS, read_metrics, whole_lines

MEASURES = {"seg": "mIoU", "det": "mAP50", "cls": "top1"}  # as records name them


@dataclass(frozen=True)
class Chain:
    """The stages of one cell with one seed: names and run folders, oldest first."""

    cell: str
    seed: int
    stages: tuple[tuple[str, Path], ...]


def read_chains(folder: Path) -> list[Chain]:
    """The chains of the study whose ``study.json`` lies in ``folder``.

    Raises ValueError naming the file and what is wrong with it.
    """
    path = folder / STUDY
    content = read_json(path)
    try:
        return [
            Chain(
                str(row["cell"]),
                int(row["seed"]),
                tuple((stage["stage"], folder / stage["run"]) for stage in row["stages"]),
            )
            for row in content["chains"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error


def scores(chains: list[Chain]) -> pd.DataFrame:
    """Every evaluation of every chain, as ``analysis.multitask.scores`` has them.

    A stage that several chains share gives its rows to each.
    """
    rows: list[dict[str, object]] = []
    for chain in chains:
        before = 0
        for number, (name, run) in enumerate(chain.stages):
            record = read_json(run / RUN)
            reached = int(record["iteration"])
            for split, line in _lines(run):
                at = int(line["iteration"])
                rows += [
                    {
                        "cell": chain.cell, "seed": chain.seed, "stage": number,
                        "stage_name": name, "trained": "+".join(record["spec"]["tasks"]),
                        "iteration": at, "total": before + at, "split": split, "task": task,
                        "score": line[MEASURES[task]], "boundary": at == reached,
                    }
                    for task in TASKS
                ]  # fmt: skip
            before += reached
    return frame(rows)


def _lines(run: Path) -> list[tuple[str, dict[str, Any]]]:
    lines = [("val", line) for line in read_metrics(run, "val")]
    tests = whole_lines(run / TESTS).splitlines()
    return lines + [("test", json.loads(line)) for line in tests]
