"""The course's requirements: a score for every task, and none far below its own base at the end."""

import re
from collections.abc import Sequence

import pandas as pd

from trainstudy.analysis.arm_gains import TInterval, t_interval
from trainstudy.analysis.multitask.own_base import MARGIN, READINGS, status
from trainstudy.analysis.multitask.sequences import within
from trainstudy.analysis.multitask.transfer import INTERVAL
from trainstudy.tasks import TASKS

SCORES = {"seg": 40.0, "det": 15.0, "cls": 85.0}  # percent: mIoU, mAP50, top-1
ORDER = ("seg", "det", "cls")
REPLAYED = 10  # images of an earlier task, at most
REQUIREMENTS = (*SCORES, *READINGS)
RULE = ["cell", "requirement", "task", "least", *INTERVAL, "status", "decides", "by_mean"]


def requirements(table: pd.DataFrame) -> pd.DataFrame:
    """Every requirement of every cell: `RULE`, a row for each of `REQUIREMENTS`.

    ``table``: of `transfer.by_task`. A task stands for its score at the end, a reading for the
    change of the task that lost most (see `sequences.within`). status: 'met' where the interval
    over seeds lies at or above the least that is asked for, 'missed' where below, 'open' otherwise;
    decides: the task by which it is that; by_mean: whether the mean does, which is what the course
    looks at.
    """
    rows = []
    changes = within(table, MARGIN).set_index(["cell", "reading"])
    for cell in dict.fromkeys(table["cell"]):
        part = table[table["cell"] == cell]
        for task in TASKS:
            least, found = SCORES[task], t_interval(part.loc[part["task"] == task, "final"])
            rows.append((cell, task, task, least, *found, status(found, least), task,
                         found.value >= least))  # fmt: skip
        for reading in READINGS:
            row = changes.loc[(cell, reading)]
            found = TInterval(*row[INTERVAL])
            rows.append((cell, reading, row["task"], -MARGIN, *found, row["status"],
                         row["decides"], found.value >= -MARGIN))  # fmt: skip
    return pd.DataFrame(rows, columns=RULE)


def frontier(found: pd.DataFrame) -> list[str]:
    """The cells than which no other meets more: all that they do, and something else.

    ``found``: of `requirements`; by means. Those that meet most come first.
    """
    met = found[found["by_mean"]]
    sets = {
        str(cell): frozenset(met.loc[met["cell"] == cell, "requirement"])
        for cell in dict.fromkeys(found["cell"])
    }
    kept = [cell for cell, own in sets.items() if not any(own < other for other in sets.values())]
    return sorted(kept, key=lambda cell: -len(sets[cell]))


def allowed(trained: Sequence[str], remedies: str) -> bool:
    """Whether the course allows a sequence: one task a stage in its order, few images replayed.

    ``trained``: the tasks of every stage, ``remedies`` as records have them. The images of EWC are
    no replay: they are looked at once, at the weights that their own stage ended with.
    """
    replayed = re.findall(r"\breplay:images=(\w+)", remedies)
    few = all(count.isdigit() and int(count) <= REPLAYED for count in replayed)
    return tuple(trained) == ORDER and few
