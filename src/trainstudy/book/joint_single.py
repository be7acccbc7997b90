"""The part of a chapter that sets one network for all tasks against a network for each."""

from functools import partial
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask.alone import PAR, UNKNOWN, UNSEEN, WORSE, against_single
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
    """On how many tasks joint training is at least on par, and what stands against the others."""
    found = _found(study)
    if found.empty:
        return sentences([MISSING])
    return sentences([_told(part) for _, part in found.groupby(["budget", "cell"], sort=False)])


def _found(study: TaskStudy) -> pd.DataFrame:
    found = against_single(study.by_task, JOINT)
    images = study.images
    return found.assign(images=found["reference"].map(images) / found["cell"].map(images))


def _told(part: pd.DataFrame) -> str:
    rows: list[Any] = part.to_dict("records")
    names = ", ".join(row["reference"] for row in rows)
    known = [row for row in rows if row["verdict"] != UNKNOWN]
    if not known:
        return f"{rows[0]['cell']} against {names}: too few seeds to tell."
    par = [row["task"] for row in rows if row["verdict"] == PAR]
    text = f"{rows[0]['cell']} against {names}: at least on par on {len(par)} of {len(rows)} tasks"
    text += f" ({', '.join(par)})" if par else ""
    for word in (UNSEEN, WORSE):
        told = [_evidence(row) for row in rows if row["verdict"] == word]
        text += f"; {word} on {'; '.join(told)}" if told else ""
    unknown = ", ".join(row["task"] for row in rows if row["verdict"] == UNKNOWN)
    return text + (f"; too few seeds for {unknown}." if unknown else ".")


def _evidence(row: dict[str, Any]) -> str:
    sides = interval(row["low"], row["high"], points)
    return (
        f"{row['task']}, {points(row['value'])} points {METRICS[row['task']]} ({sides}, noise "
        f"floor {plain(row['noise_floor'])}, level {plain(row['level'])})"
    )
