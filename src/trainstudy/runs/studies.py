"""A study of arms on disk: which run is which leg, and what each scored at its budgets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from trainstudy.files import read_json
from trainstudy.runs.curves import frame
from trainstudy.runs.record import STUDY, TESTS, read_metrics
from trainstudy.training.arms import Leg

SCORES = ["seed", "arm", "budget", "answers", "split", "domain", "mIoU", "run"]


@dataclass(frozen=True)
class Study:
    """``legs``: (seed, leg, name of its run folder), in the order they were planned."""

    folder: Path
    parameters: dict[str, Any]
    legs: tuple[tuple[int, Leg, str], ...]


def read_study(folder: Path) -> Study:
    """The study whose ``study.json`` lies in ``folder``.

    Raises ValueError naming the file and what is wrong with it.
    """
    path = folder / STUDY
    content = read_json(path)
    names = [field.name for field in fields(Leg)]
    try:
        legs = tuple(
            (int(row["seed"]), Leg(**{name: _tuples(row[name]) for name in names}), row["run"])
            for row in content["legs"]
        )
        return Study(folder, dict(content["parameters"]), legs)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error


def scores(study: Study) -> pd.DataFrame:
    """What every arm scored at its budgets: seed, arm, budget, answers, split, domain, mIoU, run.

    ``domain`` is ``all`` or one of the data set's; ``mIoU`` in percent. A leg that serves several
    arms gives a row to each. Raises ValueError naming the run that has no score at a budget.
    """
    rows = [
        (seed, arm, budget, leg.answers, split, domain, value, run)
        for seed, leg, run in study.legs
        for budget in leg.budgets
        for split, domain, value in _values(study.folder / run, budget)
        for arm in leg.arms
    ]
    return pd.DataFrame(rows, columns=SCORES)


def curves(study: Study) -> pd.DataFrame:
    """Validation mIoU of every leg: seed, arm, leg, iteration, mIoU; from where it branched off."""
    rows = []
    for seed, leg, run in study.legs:
        for row in read_metrics(study.folder / run, "val"):
            if leg.start <= row["iteration"] <= leg.until:
                rows += [(seed, arm, leg.name, row["iteration"], row["mIoU"]) for arm in leg.arms]
    return pd.DataFrame(rows, columns=["seed", "arm", "leg", "iteration", "mIoU"])


def as_report(study: Study, arm: str, base: int) -> pd.DataFrame:
    """The validation curves of an arm as rows of ``runs.curves``, in terms of a base of ``base``.

    Every seed stands as a configuration of its own. Iterations that fall between two of the
    report's are left out.
    """
    own = int(study.parameters["base"])
    names = {name: str(study.parameters[name]) for name in ("strategy", "dataset", "model")}
    found = curves(study)
    found = found[found["arm"] == arm].drop_duplicates(["seed", "iteration"], keep="last")
    rows: list[dict[str, object]] = [
        {
            **names, "model": f"{names['model']} seed {seed}", "run": f"{arm} {seed}",
            "split": "val", "iteration": iteration * base // own, "mIoU": value,
            "source": str(study.folder.name),
        }
        for seed, iteration, value in found[["seed", "iteration", "mIoU"]].itertuples(index=False)
        if iteration * base % own == 0
    ]  # fmt: skip
    return frame(rows)


def _values(run: Path, budget: int) -> Iterator[tuple[str, str, float]]:
    """(split, domain, mIoU) of a run at one iteration."""
    lines = read_metrics(run, "val")
    if (run / TESTS).exists():
        lines += [json.loads(line) for line in (run / TESTS).read_text().splitlines()]
    found = [line for line in lines if line["iteration"] == budget]
    if not found:
        raise ValueError(f"{run}: no score at iteration {budget}")
    for line in found:
        split = line.get("split", "val")
        yield split, "all", line["mIoU"]
        for domain, value in line.get("domains", {}).items():
            yield split, domain, value


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
