"""The part of a chapter on what is done against forgetting, and on the course's requirements."""

from functools import partial
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask import course_rule as rule
from trainstudy.analysis.multitask import transfer
from trainstudy.analysis.multitask.advice import ABSENT, DONT, FEW, OPEN, advise
from trainstudy.analysis.multitask.own_base import MARGIN, READINGS
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.analysis.multitask.sequences import DELTA_M, compare, within
from trainstudy.book import show
from trainstudy.book.estimates import wide
from trainstudy.book.show import (
    Html,
    estimate,
    interval,
    sentences,
    signed,
    table,
    tenths,
    verdict,
)
from trainstudy.book.task_study import JOINT, TaskStudy
from trainstudy.figures.forgetting import forgetting_curves
from trainstudy.figures.trade_off import trade_off
from trainstudy.figures.transfer import r_matrix

MISSING = "This study has no sequence of tasks."
FORBIDDEN = "This study has no sequence that the course allows."
UNITS = {"relative": "%", "absolute": "points"}
points = partial(signed, digits=1)


def remedies_table(study: TaskStudy) -> Html:
    """Every sequence: what is left of each task, what was forgotten, and Delta_m."""
    if not study.sequences:
        return sentences([MISSING])
    long = compare(study.by_task, study.sequences)
    shown = wide(long, {"backward": points, DELTA_M: points})
    for name in (*METRICS, DELTA_M):  # sequences need not be of all tasks, nor single ones there
        shown[name] = shown.get(name)
    statuses = within(study.by_task, MARGIN).pivot(index="cell", columns="reading", values="status")
    for reading in READINGS:
        shown[reading] = shown["cell"].map(statuses[reading]).map(verdict)
    heads = {
        "cell": "Training", "relative": f"Within {MARGIN:g} %",
        "absolute": f"Within {MARGIN:g} points", **METRICS, "backward": "Backward transfer",
        "forgetting": "Forgetting", DELTA_M: "Against single tasks, %",
    }  # fmt: skip
    return table(shown, heads)


def beside_joint(study: TaskStudy) -> Html:
    """Which sequences do not end below joint training, in the mean relative difference."""
    if not study.sequences or JOINT not in study.cells:
        return sentences([f"This study has no sequence beside {JOINT}."])
    found = advise(study.by_task, study.sequences, JOINT)
    known = found[~found["verdict"].isin([FEW, ABSENT])].sort_values("value", ascending=False)
    chance = (known["verdict"] == OPEN) & (known["value"] < 0)
    level = known[(known["verdict"] != DONT) & ~chance]
    text = f"{len(level)} of {len(known)} sequences do not end measurably below {JOINT}"
    told = [f"{text}: {_each(study, level)}." if len(level) else f"{text}."]
    if chance.any():
        told.append(
            "Below it by their own intervals, perhaps by chance among so many: "
            f"{_each(study, known[chance])}."
        )
    return sentences(told)


def _each(study: TaskStudy, found: pd.DataFrame) -> str:
    """Each cell with its difference, and the images it takes where those are not as many."""
    texts = []
    for row in found.itertuples():
        text = f"{row.cell}, {points(row.value)} % ({interval(row.low, row.high, points)})"
        times = study.images.get(row.cell, 1.0)
        if abs(times - 1) > 0.01:
            text += f" for {times:.2g} times the images"
        texts.append(text)
    return "; ".join(texts)


def trade_off_figure(study: TaskStudy) -> Html:
    """What the sequences that go one way still learn against what they keep: means over tasks, so
    that other orders do not compare."""
    if not study.sequences:
        return sentences([MISSING])
    return show.figure(
        trade_off,
        compare(study.by_task, study.alike),
        "own",
        "backward",
        {"own": "score after the own stage (%)", "backward": "backward transfer (points)"},
        alt="Backward transfer over the score after the own stage, one point a sequence.",
        wide=True,
        caption="Means over tasks and seeds with their intervals. To the right: more is learned; "
        "further up: more is kept.",
    )


def course_table(study: TaskStudy) -> Html:
    """What the course asks for, of the sequences than which no other meets more."""
    if not study.sequences:
        return sentences([MISSING])
    rows = []
    for allowed, found in study.course.items():
        for cell in rule.frontier(found):
            part = found[found["cell"] == cell].set_index("requirement")
            row = {"cell": cell, "met": int(part["by_mean"].sum()), "allowed": allowed,
                   "images": study.images.get(cell)}  # fmt: skip
            rows.append(row | {name: _requirement(part.loc[name]) for name in rule.REQUIREMENTS})
    heads = {
        "cell": "Training", "met": "Met by means", "allowed": "Allowed",
        **{name: f"Largest loss ≤ {MARGIN:g} {UNITS[name]}" for name in READINGS},
        **{task: f"{METRICS[task]} ≥ {least:g}" for task, least in rule.SCORES.items()},
        "images": f"Images, times {JOINT}",
    }  # fmt: skip
    note = (
        "Of the sequences that the course allows, and of the others, those than which no other "
        "meets more by means over seeds. Badges go by whole intervals."
    )
    return table(pd.DataFrame(rows), heads, {"images": "{:.2f}".format}, note, sortable=False)


def course_matrix(study: TaskStudy) -> Html:
    """What every stage leaves, of the first sequence that the course allows than which no other
    meets more."""
    best = _best(study)
    if best is None:
        return sentences([FORBIDDEN])
    return show.figure(
        r_matrix,
        transfer.r_matrix(study.scores, best, study.split),
        METRICS,
        alt=f"Scores of the three tasks after every stage of {best}.",
        caption=f"{best}, {study.split}; ±: half the 95 % interval over seeds.",
    )


def course_curves(study: TaskStudy) -> Html:
    """The same sequence on the way."""
    best = _best(study)
    if best is None:
        return sentences([FORBIDDEN])
    return show.figure(
        forgetting_curves,
        study.validations[study.validations["cell"] == best],
        METRICS,
        alt=f"Scores of the three tasks over the stages of {best}.",
        caption=f"{best}, validation; dotted lines: ends of stages; tinted: the task is trained.",
    )


def _best(study: TaskStudy) -> str | None:
    found = study.course.get(True)
    return None if found is None else rule.frontier(found)[0]


def course_verdict(study: TaskStudy) -> Html:
    """Which sequences meet all that the course asks for."""
    if not study.sequences:
        return sentences([MISSING])
    words = {True: "Sequences that the course allows", False: "Others"}
    return sentences([_told(words[allowed], part) for allowed, part in study.course.items()])


def _told(words: str, found: pd.DataFrame) -> str:
    sure = found.assign(sure=found["status"] == "met").groupby("cell", sort=False)
    counts = sure[["by_mean", "sure"]].sum()
    total, best = len(rule.REQUIREMENTS), int(counts["by_mean"].max())
    most = "; ".join(counts.index[counts["by_mean"] == best])
    text = f"{words}, {len(counts)}: by means over seeds {best} of {total} requirements at most"
    text += f", by {most}" if best else ""
    whole = "; ".join(counts.index[counts["sure"] == total]) or "none"
    return f"{text}. All {total}, with their whole intervals: {whole}."


def _requirement(row: Any) -> Html:
    """A badge, with the task by which it is one, and below it the figure of the task that lost most
    in the mean, where these are two."""
    change = row.name in READINGS
    found = estimate(row["value"], row["low"], row["high"], points if change else tenths)
    told = f"{row['task']} " if change else ""
    badge = verdict(row["status"])
    by = f" by {row['decides']}" if row["decides"] != row["task"] else ""
    value = "–" if found is None else f"{told}{found}"
    return Html(f"{badge._repr_html_()}{by}<br>{value}", f"{badge}{by} {value}")
