"""The course's rule: at the end every metric is within 5 % of its base at the end of its own stage.

The rule does not say 5 % of what, so both readings are computed: `relative`, in percent of the own
base, and `absolute`, in points of the metric.
"""

import pandas as pd

from trainstudy.analysis.arm_gains import TInterval, t_interval
from trainstudy.analysis.multitask.transfer import INTERVAL

MARGIN = 5.0
READINGS = ("relative", "absolute")


def within_own_base(table: pd.DataFrame, margin: float = MARGIN) -> pd.DataFrame:
    """One row a cell, task and reading: value, low, high, n, status.

    ``table``: of `transfer.by_task`. value: mean change from own base to final score over the
    seeds, below zero where something was lost, with its t interval. status: 'met' where the whole
    interval lies above -margin, 'missed' where it lies below, 'open' otherwise. The task of the
    last stage has no time to change. Seeds with a base of 0 have no relative change.
    """
    rows = []
    for (cell, task), part in table.groupby(["cell", "task"], sort=False):
        change = part["final"] - part["own"]
        for reading, values in zip(
            READINGS, (100 * change / part["own"].where(part["own"] > 0), change), strict=True
        ):
            found = t_interval(values.dropna())
            rows.append((cell, task, reading, *found, status(found, -margin)))
    return pd.DataFrame(rows, columns=["cell", "task", "reading", *INTERVAL, "status"])


def status(found: TInterval, least: float) -> str:
    """'met' where the whole interval is at least that, 'missed' where it is below, else 'open'."""
    if found.low >= least:
        return "met"
    return "missed" if found.high < least else "open"
