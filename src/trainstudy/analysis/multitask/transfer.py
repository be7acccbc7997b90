"""What learning one task does to the others: the matrix R and the measures read off it.

R[i][j] is the score on task j at the end of stage i (Lopez-Paz & Ranzato 2017, "Gradient episodic
memory for continual learning"). The own stage of a task is the first that trains it.

own         R at the end of the own stage: what the network could still learn (plasticity; the
            learning accuracy of Riemer et al. 2019)
final       R at the end of the last stage
backward    final - own, for tasks learned before the last stage (BWT of Lopez-Paz & Ranzato)
forgetting  best of the earlier stages - final (Chaudhry et al. 2018, "Riemannian walk")

All in points of the task's metric. Means over tasks mix metrics, as in the literature: read them
beside the single tasks. A measure that is not defined is NaN, and left out of means.
"""

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.tasks import TASKS

INTERVAL = ["value", "low", "high", "n"]
MEASURES = ["own", "final", "backward", "forgetting", "iterations"]


def r_matrix(scores: pd.DataFrame, cell: str, split: str = "test") -> pd.DataFrame:
    """R of one cell: stage, stage_name, task, own, then mean over seeds with its t interval.

    own: whether the stage trains the task. Seeds that have not reached a stage yet do not count in
    it: n says how many did.
    """
    ends = scores[(scores["cell"] == cell) & (scores["split"] == split) & scores["boundary"]]
    groups = ends.assign(own=trains(ends)).groupby(["stage", "stage_name", "task", "own"])
    rows = [(*key, *t_interval(part["score"])) for key, part in groups]
    columns = ["stage", "stage_name", "task", "own", *INTERVAL]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["stage", "task"], key=_places, kind="stable", ignore_index=True)


def by_task(scores: pd.DataFrame, split: str = "test") -> pd.DataFrame:
    """The measures of every task: cell, seed, task, `MEASURES` (iterations: of the whole chain).

    Only tasks that the cell trains. A cell ends at the last stage that any of its seeds reached;
    seeds that have not come so far are left out.
    """
    part = scores[scores["split"] == split]
    ends = part[part["boundary"]]
    last = ends.groupby("cell")["stage"].max().to_dict()
    rows = []
    for (cell, seed), chain in ends.groupby(["cell", "seed"], sort=False):
        if chain["stage"].max() < last[cell]:
            continue
        matrix = chain.pivot(index="stage", columns="task", values="score")
        own_stages = chain[trains(chain)].groupby("task")["stage"].min().to_dict()
        for task in (task for task in TASKS if task in own_stages):
            found = _measures(matrix[task], int(own_stages[task]))
            rows.append((cell, seed, task, *found, chain["total"].max()))
    return pd.DataFrame(rows, columns=["cell", "seed", "task", *MEASURES])


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over tasks in each seed, then over seeds: cell, measure, value, low, high, n."""
    seeds = table.groupby(["cell", "seed"], sort=False)[MEASURES].mean()
    rows = [
        (cell, measure, *t_interval(part[measure].dropna()))
        for cell, part in seeds.groupby(level="cell", sort=False)
        for measure in MEASURES
    ]
    return pd.DataFrame(rows, columns=["cell", "measure", *INTERVAL])


def trains(scores: pd.DataFrame) -> pd.Series:
    """Whether the stage of each row trains the task of the row."""
    pairs = zip(scores["task"], scores["trained"], strict=True)
    found = [task in trained.split("+") for task, trained in pairs]
    return pd.Series(found, index=scores.index, dtype=bool)


def _measures(column: pd.Series, own_stage: int) -> tuple[float, ...]:
    """own, final, backward and forgetting of a task from its column of R."""
    own, final, earlier = float(column[own_stage]), float(column.iloc[-1]), column.iloc[:-1]
    learned_before = own_stage < column.index[-1]
    backward = final - own if learned_before else np.nan
    forgetting = float(earlier.max()) - final if learned_before else np.nan
    return own, final, backward, forgetting


def _places(column: pd.Series) -> pd.Series:
    return column.map(TASKS.index) if column.name == "task" else column
