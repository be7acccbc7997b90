"""Which of several options a tuning chose: the best one of each group, on validation images alone.

The cells of a tuning are named "GROUP OPTION"; seeds are not those of the study. A group with more
options was tuned harder than others, so their number is shown with what was chosen.
"""

import pandas as pd

from trainstudy.analysis.multitask.course_rule import requirements
from trainstudy.analysis.multitask.reference import SINGLE, delta_m

COURSE = "course"  # the group of what is to meet the course's rule
KEPT = 0.85  # of what a task reaches alone
CHOICES = ["group", "option", "cell", "value", "n", "chosen"]


def choices(table: pd.DataFrame) -> pd.DataFrame:
    """One row an option, `CHOICES`; ``table``: of `transfer.by_task`, of validation.

    value: what the option was judged by, larger is better. Of ``course`` the `slack`, of all other
    groups Delta_m against the single tasks with the same seeds, percent. Of equal ones the first is
    chosen, and none that has fewer seeds than others of its group. Cells without an option, such as
    those single tasks, are left out.
    """
    judged = delta_m(table).set_index("cell")[["value", "n"]]
    spare = slack(table)
    rows = []
    for cell in dict.fromkeys(table["cell"]):
        group, _, option = cell.partition(" ")
        if not option or cell in SINGLE.values():
            continue
        value = spare[cell] if group == COURSE else judged.loc[cell, "value"]
        rows.append((group, option, cell, float(value), int(judged.loc[cell, "n"])))
    groups = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: groups.index(row[0]))  # an option that was added later joins its own
    found = pd.DataFrame(rows, columns=CHOICES[:-1])
    most = found.groupby("group")["n"].transform("max")
    rivals = found[found["n"] == most].dropna(subset="value")
    best = rivals.groupby("group")["value"].idxmax()  # the first of equal ones
    return found.assign(chosen=found.index.isin(best))


def slack(table: pd.DataFrame) -> "pd.Series[float]":
    """By cell: by how much its mean exceeds the requirement that it meets least, as a share of
    what is asked for; all are met from 0 on.

    The requirements are the course's, and that each task ends at ``KEPT`` of what it reaches alone,
    where that was trained: the course's scores are meant for test images, and another sample of
    images may be an easier one.
    """
    found = requirements(table)
    kept = KEPT * found["requirement"].map(alone(table))
    least = found["least"].where(~(kept > found["least"]), kept)
    spare = (found["value"] - least) / least.abs()
    return spare.groupby(found["cell"], sort=False).min()


def alone(table: pd.DataFrame) -> "pd.Series[float]":
    """By task: its mean score where it was trained alone; only tasks that were."""
    single = table[table["cell"] == table["task"].map(SINGLE)]
    return single.groupby("task")["final"].mean()
