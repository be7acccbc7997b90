"""The page of a multi-task study's plan: its cells, what was expected, what they can tell."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from trainstudy.analysis.arm_gains import resolvable_by_seeds
from trainstudy.analysis.multitask.claims import check_scores
from trainstudy.analysis.multitask.scores import frame
from trainstudy.analysis.noise import floor_of_mean
from trainstudy.book.claims import expectation_table
from trainstudy.book.show import Html, table
from trainstudy.book.task_study import MINIS, REPORT, TaskStudy, report
from trainstudy.parameters import Parameters
from trainstudy.paths import resolve
from trainstudy.runs.chains import Chain, read_chains
from trainstudy.runs.record import STUDY

if TYPE_CHECKING:
    from trainstudy.multitask.plan import StudyPlan

EXPECTED = "multitask_plan"  # what was, in the form of a report
RUNS = "joint_vs_sequential.html#the-runs"
SPREADS = (0.5, 1.0, 2.0, 4.0)  # points


class TaskPlan(Parameters):
    """``plan``: the YAML file of a study that is to be trained, see ``multitask.plan``;
    ``tuning``: the folder of what was trained before to tune it, ``runs``: of what has been trained
    of it."""

    plan: str = f"reports/{REPORT}/plan.yml"
    tuning: str = "results/multitask/tuning"
    runs: str = MINIS


def planned(parameters: TaskPlan) -> Html:
    """The cells of a plan in their order, why they are there, how they differ, and with how many
    seeds they have been trained."""
    given = _plan(parameters)
    trained = Counter(chain.cell for chain in _chains(parameters))
    rows: list[dict[str, Any]] = [
        {
            "place": place,
            "name": cell.name,
            "why": cell.why,
            "stages": len(given.chain(cell, given.seeds[0]).stages),
            "trained": trained[cell.name],
            "parameters": ", ".join(f"{key} {_said(v)}" for key, v in cell.parameters.items()),
        }
        for place, cell in enumerate(given.cells, start=1)
    ]
    heads = {
        "place": "", "name": "Cell", "why": "What it is to tell", "stages": "Stages",
        "trained": "Seeds trained", "parameters": "Parameters",
    }  # fmt: skip
    ended = sum(row["trained"] >= len(given.seeds) for row in rows)
    note = f"{len(rows)} cells with {len(given.seeds)} seeds each; {ended} are trained with all."
    return table(pd.DataFrame(rows), heads, caption=note, sortable=False, boxed=False)


def expected(parameters: TaskPlan) -> Html:
    """What was expected before the first result, and what has come of it so far."""
    chains = _chains(parameters)
    study = TaskStudy(chains, parameters.runs)
    found = check_scores(report(EXPECTED), study.scores if chains else frame([]), study.split)
    return expectation_table(found, RUNS)


def _plan(parameters: TaskPlan) -> "StudyPlan":
    from trainstudy.multitask.plan import read_plan

    return read_plan(resolve(parameters.plan))


def _chains(parameters: TaskPlan) -> list[Chain]:
    """Those that have been trained."""
    try:
        return read_chains(resolve(f"{parameters.runs}/{STUDY}").parent)
    except FileNotFoundError:  # nothing yet
        return []


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)


def resolution(parameters: TaskPlan) -> Html:
    """The smallest difference that the plan's seeds would find, by how far seeds scatter."""
    seeds = len(_plan(parameters).seeds)
    rows = []
    for spread in SPREADS:
        floor = floor_of_mean([spread], seeds)
        smallest = resolvable_by_seeds(floor, seeds)
        rows.append({"spread": spread, "floor": floor, "smallest": smallest})
    heads = {
        "spread": "Standard deviation between seeds", "floor": "Noise floor",
        "smallest": "Smallest difference found with a power of 80 %",
    }  # fmt: skip
    return table(pd.DataFrame(rows), heads, caption=f"{seeds} seeds, points.", sortable=False)
