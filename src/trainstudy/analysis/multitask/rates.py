"""What another learning rate does to a way of training, and which trainings only guess."""

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask.reference import differences
from trainstudy.analysis.multitask.transfer import INTERVAL

RATE = "rate="  # how what sets such a cell apart from its base begins
CHANGES = ["cell", "base", "task", "score", *INTERVAL, "noise_floor"]


def changes(table: pd.DataFrame) -> pd.DataFrame:
    """Every cell named "BASE rate=..." less BASE, points, paired by seed: `CHANGES`.

    ``table``: of `transfer.by_task`; score: the cell's mean at the end.
    """
    cells = list(dict.fromkeys(table["cell"]))
    rows = []
    for cell in cells:
        base, _, option = cell.rpartition(" ")
        if not option.startswith(RATE) or base not in cells:
            continue
        found = differences(table, cell, base)
        for row in found[found["n"] > 0].to_dict("records"):
            own = table[(table["cell"] == cell) & (table["task"] == row["task"])]
            figures = [row[name] for name in (*INTERVAL, "noise_floor")]
            rows.append((cell, base, row["task"], own["final"].mean(), *figures))
    return pd.DataFrame(rows, columns=CHANGES)


def guessing(table: pd.DataFrame, classes: int) -> list[str]:
    """The cells whose top-1 over seeds has what guessing among ``classes`` gives in its interval.

    Of cells with several seeds alone; those that are worse than guessing count as well.
    """
    found = []
    for cell, part in table[table["task"] == "cls"].groupby("cell", sort=False):
        top = t_interval(part["final"])
        if top.low <= 100 / classes:  # false without an interval
            found.append(str(cell))
    return found
