"""Which configurations were evaluated at which budgets, and which trainings are done."""

from collections.abc import Sequence

import pandas as pd

from trainstudy.runs.curves import configuration

STATES = ("completed", "running", "pending", "unknown")


def coverage(curves: pd.DataFrame, budgets: Sequence[int]) -> pd.DataFrame:
    """One row a configuration, indexed by its name.

    Columns: one a budget (iterations), true where a checkpoint was evaluated at exactly that
    iteration, then ``first`` and ``last`` iteration and the number of ``checkpoints``. Runs and
    splits of a configuration are pooled.
    """
    iterations = curves["iteration"].groupby(configuration(curves).rename("configuration"))
    seen = iterations.agg(set)
    table = pd.DataFrame(
        {budget: [budget in at for at in seen] for budget in budgets},
        index=seen.index,
        columns=list(budgets),
        dtype=bool,
    )
    table["first"], table["last"] = iterations.min(), iterations.max()
    table["checkpoints"] = iterations.nunique()
    return table


def status(runs: pd.DataFrame) -> pd.DataFrame:
    """How many runs are in each state, one row a (strategy, dataset), one column a state.

    ``runs`` is the table of that name of a ``Reading``; every state has a column, also at zero.
    """
    counts = runs.groupby(["strategy", "dataset", "state"]).size().unstack("state", fill_value=0)
    return counts.reindex(columns=list(STATES), fill_value=0).rename_axis(columns=None)
