"""The chapters on a study of several tasks: its plan, and what its chains scored.

What trains is imported where it is needed: a page on records is no function of the training loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask import advice, costs, course_rule, transfer
from trainstudy.analysis.multitask.claims import check_scores
from trainstudy.analysis.multitask.scores import METRICS, frame
from trainstudy.analysis.multitask.stopping import with_stopping
from trainstudy.book.show import Html, estimate, table
from trainstudy.files import read_json
from trainstudy.parameters import ParameterError, Parameters
from trainstudy.paths import project_root, resolve
from trainstudy.reports import Report, load_report
from trainstudy.runs import task_costs
from trainstudy.runs.chains import Chain, read_sound, remedies, scores
from trainstudy.runs.faults import Fault
from trainstudy.runs.record import RUN
from trainstudy.tasks import TASKS

LIVE = "live"
MINIS = "results/multitask/minis"  # the study of photographs
DRAWN = "of drawn scenes, trained while this page was built"
SYNTHETIC = "synthetic"  # how the names of sets that the package draws begin
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
    """``runs``: a folder with a ``study.json`` of chains, the ``runs_root`` of single trainings, or
    ``live``: train the small study of ``reports/training_strategy/live.yml`` on scenes that the
    package draws."""

    runs: str = MINIS
    runs_root: str | None = None


@dataclass(frozen=True)
class TaskStudy:
    """A study of several tasks: its chains and what they scored; ``faults``: what was left out."""

    chains: list[Chain]
    source: str
    faults: tuple[Fault, ...] = ()

    @cached_property
    def scores(self) -> pd.DataFrame:
        return with_stopping(scores(self.chains))

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Those of all runs, each once."""
        runs = dict.fromkeys(run for chain in self.chains for _, run in chain.stages)
        return [read_json(run / RUN) for run in runs]

    @property
    def drawn(self) -> bool:
        """Whether a set of images is drawn by the package: that settles nothing about photos."""
        return self.source == DRAWN or any(
            part["name"].startswith(SYNTHETIC)
            for record in self.records
            for part in record["data"].values()
        )

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
        """What every change to joint training brings, the report's and others (see
        ``advice.advise``), and its cost: images, in multiples of those of joint training."""
        known = report().tables["recommendations"]["cell"].tolist()
        others = advice.others(self.by_task, known, JOINT)
        found = advice.advise(self.by_task, [*known, *others], JOINT)
        return found.assign(cost=found["cell"].map(self.images))

    @cached_property
    def images(self) -> "pd.Series[float]":
        """By cell: the images that it trains on, in multiples of those of joint training."""
        times = costs.in_multiples(self.costs, JOINT, "images")
        return times.groupby(self.costs["cell"]).mean()

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

    Chains with unsound records are left out and told in its ``faults``. Raises ParameterError
    naming the parameter where there is no study, or none of its chains is sound.
    """
    trained = _train_live(parameters.runs_root) if parameters.runs == LIVE else None
    try:
        if trained:
            return _sound(trained, DRAWN)
        return _sound(resolve(parameters.runs), parameters.runs)
    except (FileNotFoundError, ValueError) as error:
        raise ParameterError(f"parameter 'runs': {error}") from None


def _train_live(runs_root: str | None) -> Path:
    """The folder of the small study."""
    from trainstudy.multitask.plan import read_plan
    from trainstudy.multitask.study import train_study

    given = read_plan(project_root() / "reports" / REPORT / "live.yml")
    root = runs_root or str(project_root() / "runs" / "live")
    return train_study(given, runs_root=root, quiet=True).parent


def _sound(folder: Path, source: str) -> TaskStudy:
    """Raises ValueError where no chain is sound, with the first reason."""
    chains, faults = read_sound(folder)
    if chains:
        return TaskStudy(chains, source, tuple(faults))
    if faults:
        more = f" (and {len(faults) - 1} more)" if faults[1:] else ""
        raise ValueError(f"no chain has sound records: {faults[0].text}{more}")
    raise ValueError(f"{folder}: no chain is trained to its end yet")


def overview(study: TaskStudy) -> Html:
    """What was trained, and what was left out for its records."""
    records = study.records
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
    shown = table(frame, {"name": "Study", "value": ""}, sortable=False)
    if not study.faults:
        return shown
    left_out = _left_out(study.faults)
    return Html(shown._repr_html_() + left_out._repr_html_(), f"{shown}\n{left_out}")


def _left_out(faults: Sequence[Fault]) -> Html:
    rows = [
        {
            "chain": fault.chain or None,
            "file": "/".join(fault.file.parts[-2:]),  # those of a run are all called the same
            "line": None if fault.line is None else str(fault.line),
            "reason": fault.reason,
        }
        for fault in faults
    ]
    heads = {"chain": "Left out", "file": "File", "line": "Line", "reason": "Reason"}
    note = "What was left out, and why: the first fault of each."
    return table(pd.DataFrame(rows), heads, caption=note)


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
    return check_scores(report(), frame([]) if study.drawn else study.scores, study.split)
