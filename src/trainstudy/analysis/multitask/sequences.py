"""Sequences of tasks beside each other: what is left of every task, and what it cost to keep it."""

from collections.abc import Sequence

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask.own_base import READINGS, within_own_base
from trainstudy.analysis.multitask.reference import delta_m
from trainstudy.analysis.multitask.transfer import INTERVAL, summary

DELTA_M = "delta_m"


def compare(table: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame:
    """What is told of every cell, means over seeds: cell, measure, value, low, high, n.

    ``table``: of `transfer.by_task`, with the single tasks where they were trained. measure: those
    of `transfer.summary`, means over tasks; the name of a task for its final score; `DELTA_M`,
    percent, where all single tasks were trained.
    """
    part = table[table["cell"].isin(cells)]
    finals = [
        (cell, task, *t_interval(rows["final"]))
        for (cell, task), rows in part.groupby(["cell", "task"], sort=False)
    ]
    against = delta_m(table)
    against = against[against["cell"].isin(cells) & (against["n"] > 0)].assign(measure=DELTA_M)
    columns = ["cell", "measure", *INTERVAL]
    parts = [summary(part), pd.DataFrame(finals, columns=columns), against[columns]]
    return pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)


def within(table: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Whether *all* tasks of a cell keep within ``margin`` of their own base: cell, reading, task,
    value, low, high, n, status, decides.

    task and its interval are of the one that lost most, by its mean; status: 'met' where that of
    all tasks is, 'missed' where that of one is, else 'open'; decides: the task whose interval
    reaches lowest, of those with that status.
    """
    found = within_own_base(table, margin)
    rows = []
    for cell in dict.fromkeys(found["cell"]):
        for reading in READINGS:
            part = found[(found["cell"] == cell) & (found["reading"] == reading)]
            worst = part.sort_values("value", kind="stable", na_position="last").iloc[0]
            statuses = set(part["status"])
            status = "missed" if "missed" in statuses else "open" if "open" in statuses else "met"
            deciding = part[part["status"] == status].sort_values("low", na_position="first")
            decides = deciding["task"].iloc[0]
            rows.append((cell, reading, worst["task"], *worst[INTERVAL], status, decides))
    return pd.DataFrame(rows, columns=["cell", "reading", "task", *INTERVAL, "status", "decides"])
