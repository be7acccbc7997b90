"""The chapters on a study of several tasks: its plan, and what its chains scored.

What trains is imported where it is needed: a page on records is no function of the training loop.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask import advice, costs, course_rule, transfer
from trainstudy.analysis.multitask.claims import check_scores
from trainstudy.analysis.multitask.scores import METRICS, TASKS, frame
from trainstudy.analysis.multitask.stopping import with_stopping
from trainstudy.book.show import Html, estimate, table
from trainstudy.files import read_json
from trainstudy.parameters import ParameterError, Parameters
from trainstudy.paths import project_root, resolve
from trainstudy.reports import Report, load_report
from trainstudy.runs import task_costs
from trainstudy.runs.chains import Chain, read_chains, remedies, scores
from trainstudy.runs.record import RUN

LIVE = "live"
MINIS = "results/multitask/minis"  # the study of photographs
DRAWN = "of drawn scenes, trained while this page was built"
SHOWN = 4  # ways in one figure
REPORT = "training_strategy"
JOINT = "joint"  # the cell of the report's own way
CENTRAL = (
    "joint-better",
    "sequential-forgets",
    "ewc-ineffective",
    "weighting-helps",
    "rate-limits",
    "more-training-needed",
    "score-cls",
)  # claims that the chapter is about


class JointVsSequential(Parameters):
    """``runs``: a folder with a ``study.json`` of chains, or ``live``: train the small study of
    ``reports/training_strategy/live.yml`` on scenes that the package draws."""

    runs: str = MINIS
    runs_root: str | None = None


@dataclass(frozen=True)
class TaskStudy:
    """A study of several tasks: its chains and what they scored."""

    chains: list[Chain]
    source: str

    @cached_property
    def scores(self) -> pd.DataFrame:
        return with_stopping(scores(self.chains))

    @property
    def split(self) -> str:
        """The split that figures are of: test where there is one."""
        return "test" if (self.scores["split"] == "test").any() else "val"

    @cached_property
    def by_task(self) -> pd.DataFrame:
        return transfer.by_task(self.scores, self.split)

    @property
    def sequences(self) -> list[str]:
        """The cells of several stages, in the order of the study."""
        cells = dict.fromkeys(chain.cell for chain in self.chains if len(chain.stages) > 1)
        return list(cells)

    @property
    def cells(self) -> list[str]:
        return list(dict.fromkeys(chain.cell for chain in self.chains))

    @property
    def alike(self) -> list[str]:
        """The sequences that go the way of the first one, with whatever remedies."""
        ways = {chain.cell: tuple(name for name, _ in chain.stages) for chain in self.chains}
        first = [ways[cell] for cell in self.sequences[:1]]
        return [cell for cell in self.sequences if ways[cell] in first]

    @cached_property
    def remedies(self) -> dict[str, str]:
        """Those of every cell, as records have them."""
        return {chain.cell: remedies(chain) for chain in self.chains}

    @cached_property
    def course(self) -> dict[bool, pd.DataFrame]:
        """What the course asks for (`course_rule.RULE`), of the sequences that it allows (True) and
        of the others, as far as there are any."""
        if not self.sequences:
            return {}
        ways = self.scores.sort_values("stage").drop_duplicates(["cell", "stage"])
        trained = ways.groupby("cell")["trained"].agg(list)
        found = course_rule.requirements(self.by_task[self.by_task["cell"].isin(self.sequences)])
        cells = [
            cell
            for cell in self.sequences
            if course_rule.allowed(trained[cell], self.remedies[cell])
        ]
        allowed = found["cell"].isin(cells)
        parts = {True: found[allowed], False: found[~allowed]}
        return {key: part for key, part in parts.items() if len(part)}

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What the cells cost; see ``costs.by_cell``."""
        return costs.by_cell(task_costs.costs(self.chains))

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What every change to joint training brings, the report's and others; see
        ``advice.advise``."""
        known = report().tables["recommendations"]["cell"].tolist()
        others = advice.others(self.by_task, known, JOINT)
        return advice.advise(self.by_task, [*known, *others], JOINT)

    @property
    def ways(self) -> list[str]:
        """The first cells of several tasks that are a way of training and nothing else."""
        plain = [cell for cell in self.cells if " " not in cell and not cell.startswith("single:")]
        return plain[:SHOWN]

    @property
    def validations(self) -> pd.DataFrame:
        return self.scores[self.scores["split"] == "val"]

    @property
    def sequence(self) -> pd.DataFrame:
        """The validations of the first cell that has several stages, of none where no cell has."""
        return self.validations[self.validations["cell"].isin(self.sequences[:1])]

    @property
    def r_matrix(self) -> pd.DataFrame:
        """What every stage of that cell leaves; see ``transfer.r_matrix``."""
        return transfer.r_matrix(self.scores, "".join(self.sequences[:1]), self.split)


def open_tasks(parameters: JointVsSequential) -> TaskStudy:
    """The study of a folder, or the live one, trained now where it has not been yet.

    Raises ParameterError naming the parameter where there is no study.
    """
    if parameters.runs == LIVE:
        from trainstudy.multitask.plan import read_plan
        from trainstudy.multitask.study import train_study

        given = read_plan(project_root() / "reports" / REPORT / "live.yml")
        root = parameters.runs_root or str(project_root() / "runs" / "live")
        study = train_study(given, runs_root=root, quiet=True)
        return TaskStudy(read_chains(study.parent), DRAWN)
    try:
        return TaskStudy(read_chains(resolve(parameters.runs)), parameters.runs)
    except (FileNotFoundError, ValueError) as error:
        raise ParameterError(f"parameter 'runs': {error}") from None


def overview(study: TaskStudy) -> Html:
    """What was trained."""
    records = [read_json(run / RUN) for run in {run for c in study.chains for _, run in c.stages}]
    starts = [start for record in records for start in record["starts"]]
    rows = {
        "cells": len({chain.cell for chain in study.chains}),
        "seeds": len({chain.seed for chain in study.chains}),
        "trainings": len(records),
        "iterations trained": f"{sum(record['iteration'] for record in records):,}",
        "backbones": ", ".join(sorted({record["spec"]["backbone"] for record in records})),
        "training images": ", ".join(
            sorted({part["name"] for r in records for k, part in r["data"].items() if "train" in k})
        ),
        "figures are of": study.split,
        "devices": ", ".join(sorted({start["device"] for start in starts})),
        "runs": study.source,
    }
    frame = pd.DataFrame({"name": list(rows), "value": [str(value) for value in rows.values()]})
    return table(frame, {"name": "Study", "value": ""}, sortable=False)


def final_scores(study: TaskStudy) -> Html:
    """Every cell at its end: the scores of the tasks it trains, means and intervals over seeds."""
    rows = []
    for cell, part in study.by_task.groupby("cell", sort=False):
        row: dict[str, Any] = {"cell": cell, "seeds": part["seed"].nunique()}
        for task in TASKS:
            values = part.loc[part["task"] == task, "final"]
            found = t_interval(values)
            row[task] = estimate(found.value, found.low, found.high)
        row["iterations"] = int(part["iterations"].mean())
        rows.append(row)
    heads = {"cell": "Training", **METRICS, "iterations": "Iterations", "seeds": "Seeds"}
    return table(pd.DataFrame(rows), heads)


def report(name: str = REPORT) -> Report:
    """The report that these chapters mirror, or another of the project's."""
    return load_report(project_root() / "reports" / name)


def claims(study: TaskStudy) -> pd.DataFrame:
    """The report's claims, by its own figures and by these runs, unless their scenes are drawn."""
    return check_scores(report(), frame([]) if study.source == DRAWN else study.scores, study.split)
