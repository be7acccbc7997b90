"""The part of a chapter on the report's recommendations: what each brings, and which to follow."""

from functools import partial
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask import advice
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book.estimates import column
from trainstudy.book.show import (
    Format,
    Html,
    interval,
    plain,
    probability,
    sentences,
    signed,
    table,
    verdict,
)
from trainstudy.book.task_study import JOINT, TaskStudy, report
from trainstudy.tasks import TASKS

tenth = partial(signed, digits=1)


def recommendations(study: TaskStudy) -> Html:
    """Every change to joint training, those to be made first."""
    found = _advice(study)
    if isinstance(found, str):
        return sentences([found])
    points = advice.by_task(study.by_task, found["cell"].tolist(), JOINT)
    for task in TASKS:
        own = points[points["task"] == task].set_index("cell")["value"]
        found[task] = found["cell"].map(own).astype("float64")
    unseen = found["verdict"].isin([advice.OPEN, advice.UNSEEN])
    found["resolvable"] = found["resolvable"].where(unseen)
    found["verdict"] = found["verdict"].map(verdict)
    found["difference"] = column(found, tenth)
    heads = {
        "what": "Change", "verdict": "Verdict", "difference": "Difference, %", "p": "p", **METRICS,
        "cost": "Cost", "noise_floor": "Noise floor", "resolvable": "Found from", "n": "Seeds",
    }  # fmt: skip
    forms: dict[str, Format] = {**dict.fromkeys(TASKS, tenth), "p": probability}
    note = (
        f"Against {JOINT}: mean relative difference of the tasks with its own interval, p among "
        "all comparisons (Dunnett's test), each task alone in points, cost as images in multiples "
        f"of those of {JOINT} (gradient methods take longer for each), and where no difference was "
        "told the smallest one that would have been."
    )
    return table(found, heads, forms, caption=note)


def what_to_do(study: TaskStudy) -> Html:
    """The same as a list: what to do, what not, what could not be told."""
    found = _advice(study)
    if isinstance(found, str):
        return sentences([found])
    points = advice.by_task(study.by_task, found["cell"].tolist(), JOINT)
    lines: list[str] = []
    for word in (advice.DO, advice.DONT):
        part = found[found["verdict"] == word]
        rows: list[Any] = part.to_dict("records")
        lines += [_line(row, points) for row in rows]
        if part.empty:
            lines.append(f"{word.capitalize()}: nothing of what was trained.")
    compared = int(found["p"].notna().sum())
    rows = found[found["verdict"] == advice.OPEN].to_dict("records")
    if rows:
        each = "; ".join(f"{row['what']}, {tenth(row['value'])} %" for row in rows)
        lines.append(
            f"Open: {each}. Alone each would count as a difference; among {compared} changes that "
            "are compared with the same trainings it may be chance."
        )
    unseen = found[found["verdict"] == advice.UNSEEN]
    if len(unseen):
        sizes = dict.fromkeys(plain(size) for size in sorted(unseen["resolvable"]))
        limits = " to ".join(list(sizes)[:: max(1, len(sizes) - 1)])
        lines.append(
            f"No difference seen: {'; '.join(unseen['what'])}. One from {limits} % on, by the "
            "change, would have been found four times out of five."
        )
    for word in (advice.FEW, advice.ABSENT):
        names = found.loc[found["verdict"] == word, "what"]
        if len(names):
            lines.append(f"{word.capitalize()}: {'; '.join(names)}.")
    return sentences(lines)


def _advice(study: TaskStudy) -> pd.DataFrame | str:
    """The study's changes with what each one is, or why there are none."""
    if JOINT not in study.cells:
        return f"This study has no cell {JOINT} to compare with."
    found = study.changes
    if (found["verdict"] == advice.ABSENT).all():
        return f"This study has no cell that changes {JOINT} in one thing."
    named = report().tables["recommendations"]
    words = dict(zip(named["cell"], named["recommendation"], strict=True))
    return found.assign(what=found["cell"].map(lambda cell: words.get(cell, cell)))


def _line(row: dict[str, Any], points: pd.DataFrame) -> str:
    sides = interval(row["low"], row["high"], tenth)
    text = f"{row['verdict'].capitalize()}: {row['what']}, {tenth(row['value'])} % ({sides})"
    own: list[Any] = points[points["cell"] == row["cell"]].to_dict("records")
    each = ", ".join(f"{METRICS[one['task']]} {tenth(one['value'])}" for one in own)
    return f"{text}: {each} points; for {plain(row['cost'])} times the images."
