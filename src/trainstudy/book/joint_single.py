"""The part of a chapter that sets one network for all tasks against a network for each."""

from functools import partial
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask.alone import PAR, UNKNOWN, WORSE, against_single
from trainstudy.analysis.multitask.costs import in_multiples
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book.estimates import column
from trainstudy.book.show import Html, interval, plain, sentences, signed, table, verdict
from trainstudy.book.task_study import JOINT, TaskStudy

MISSING = f"This study has no cell {JOINT} beside trainings of single tasks."
points = partial(signed, digits=1)


def compared(study: TaskStudy) -> Html:
    """Joint less single-task training, by budget of the latter and task, paired by seed."""
    found = _found(study)
    if found.empty:
        return sentences([MISSING])
    found["metric"] = found["task"].map(METRICS)
    found["difference"] = column(found, points)
    found["verdict"] = found["verdict"].map(verdict)
    heads = {
        "cell": "Joint", "reference": "Single task", "metric": "Metric", "verdict": "Joint is",
        "difference": "Difference, points", "noise_floor": "Noise floor",
        "resolvable": "Smallest found", "level": "Single-task score", "images": "Images, times",
        "n": "Seeds",
    }  # fmt: skip
    note = "Times: images that each single training saw, in multiples of those of the joint one."
    return table(found, heads, caption=note, sortable=False)


def on_par(study: TaskStudy) -> Html:
    """On how many tasks joint training is at least on par, and what says that it is not."""
    found = _found(study)
    if found.empty:
        return sentences([MISSING])
    return sentences([_told(part) for _, part in found.groupby("budget", sort=False)])


def _found(study: TaskStudy) -> pd.DataFrame:
    found = against_single(study.by_task, JOINT)
    times = in_multiples(study.costs, JOINT, "images")
    by_cell = times.groupby(study.costs["cell"]).mean()
    return found.assign(images=found["reference"].map(by_cell) / found["cell"].map(by_cell))


def _told(part: pd.DataFrame) -> str:
    rows: list[Any] = part.to_dict("records")
    names = ", ".join(row["reference"] for row in rows)
    par = [row for row in rows if row["verdict"] == PAR]
    known = [row for row in rows if row["verdict"] != UNKNOWN]
    if not known:
        return f"{rows[0]['cell']} against {names}: too few seeds to tell."
    text = f"{rows[0]['cell']} against {names}: at least on par on {len(par)} of {len(rows)} tasks"
    if par:
        tasks, sizes = (
            ", ".join(plain(row[name]) for row in par) for name in ("task", "resolvable")
        )
        text += f" ({tasks}; losses of {sizes} points would have shown)"
    worse = "; ".join(_evidence(row) for row in rows if row["verdict"] == WORSE)
    unknown = ", ".join(row["task"] for row in rows if row["verdict"] == UNKNOWN)
    text += f"; worse on {worse}" if worse else ""
    return text + (f"; too few seeds for {unknown}." if unknown else ".")


def _evidence(row: dict[str, Any]) -> str:
    sides = interval(row["low"], row["high"], points)
    return (
        f"{row['task']}, {points(row['value'])} points {METRICS[row['task']]} ({sides}, noise "
        f"floor {plain(row['noise_floor'])})"
    )
