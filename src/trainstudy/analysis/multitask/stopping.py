"""A cell that was trained to its end, as it stands with a checkpoint that validation chose.

Nothing is trained for it: the checkpoint is one that the training went through, and only test
scores that were taken of it count.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask.scores import frame
from trainstudy.runs.selection import MEAN, PATIENCE, stop, with_mean
from trainstudy.tasks import TASKS

BEST, EARLY = "stopping=best", "stopping=early"  # after the name of the cell


def with_stopping(scores: pd.DataFrame, cell: str = "joint") -> pd.DataFrame:
    """The scores, and those of the cells ``joint stopping=best`` and ``joint stopping=early``.

    best: each task has the test score of the checkpoint that was best for it on validation; the
    training is as long as it was. early: all tasks have those of the one checkpoint with the best
    mean of the validation scores before ``PATIENCE`` validations were no better, where the training
    would have ended. Nothing is added where a checkpoint was not tested.
    """
    whole = scores[scores["cell"] == cell]
    rows: list[dict[str, Any]] = []
    for _, part in whole.groupby("seed", sort=False):
        last = part[part["stage"] == part["stage"].max()]
        val, test = (last[last["split"] == split] for split in ("val", "test"))
        if not val.empty and test["boundary"].any():
            rows += [*_best(val, test, cell), *_early(val, test, cell)]
    return pd.concat([scores, frame(rows)], ignore_index=True) if rows else scores


def _best(val: pd.DataFrame, test: pd.DataFrame, cell: str) -> Iterator[dict[str, Any]]:
    for task, own in val.groupby("task", sort=False):
        best = own.sort_values("score", ascending=False, kind="stable").iloc[0]
        yield from _as_ends(test[test["task"] == task], int(best["iteration"]), f"{cell} {BEST}")


def _early(val: pd.DataFrame, test: pd.DataFrame, cell: str) -> Iterator[dict[str, Any]]:
    wide = val.pivot(index="iteration", columns="task", values="score").reindex(columns=TASKS)
    rows: list[Any] = wide.dropna().reset_index().to_dict("records")
    if not rows:
        return
    chosen, ended = stop(with_mean(rows, TASKS), MEAN, PATIENCE)
    for row in _as_ends(test, chosen, f"{cell} {EARLY}"):
        saved = row["iteration"] - ended
        yield {**row, "iteration": ended, "total": row["total"] - saved}


def _as_ends(test: pd.DataFrame, iteration: int, name: str) -> Iterator[dict[str, Any]]:
    """The rows of the end with the scores of another iteration."""
    found = test[test["iteration"] == iteration].set_index("task")["score"]
    ends: list[Any] = test[test["boundary"]].to_dict("records")
    for row in ends:
        if row["task"] in found.index:
            yield {**row, "cell": name, "score": float(found[row["task"]])}
