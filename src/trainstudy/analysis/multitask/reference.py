"""Cells against others, paired by seed: differences, Delta_m, intransigence.

Two cells with one seed share what it draws, the start of the weights first of all, so only seeds
that both have count.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import TInterval, resolvable_by_seeds, t_interval
from trainstudy.analysis.multitask.transfer import INTERVAL
from trainstudy.analysis.noise import floor_of_mean
from trainstudy.tasks import TASKS

SINGLE = {task: f"single:{task}" for task in TASKS}


def against(table: pd.DataFrame, reference: Mapping[str, str] = SINGLE) -> pd.DataFrame:
    """The table of `transfer.by_task` beside the reference cell of every task.

    Adds reference (its final score with the same seed), intransigence (reference - own; Chaudhry et
    al. 2018, whose reference is trained jointly) and relative: final - reference in percent of the
    reference's mean over its seeds. That mean is the denominator because a single seed's score may
    be near zero; where it is zero relative is NaN.
    """
    pairs = pd.Series(reference).rename_axis("task").rename("cell").reset_index()
    known = table.merge(pairs, on=["cell", "task"])[["seed", "task", "final"]]
    level = known.groupby("task")["final"].mean().replace(0.0, np.nan)
    known = known.rename(columns={"final": "reference"})
    found = table.merge(known, how="left", on=["seed", "task"], validate="many_to_one")
    found["intransigence"] = found["reference"] - found["own"]
    points = found["final"] - found["reference"]
    return found.assign(relative=100 * points / found["task"].map(level).astype(float))


def delta_m(table: pd.DataFrame, reference: Mapping[str, str] = SINGLE) -> pd.DataFrame:
    """Mean relative difference over the tasks, percent: cell, value, low, high, n.

    Delta_m of Maninis et al. 2019, "Attentive single-tasking of multiple tasks", and the survey of
    Vandenhende et al. 2022; every metric here is better when higher. Only seeds with all the
    reference's tasks count.
    """
    rows = []
    for cell, part in against(table, reference).groupby("cell", sort=False):
        wide = part.pivot(index="seed", columns="task", values="relative")
        whole = wide.reindex(columns=list(reference)).dropna()
        rows.append((cell, *t_interval(whole.mean(axis=1))))
    return pd.DataFrame(rows, columns=["cell", *INTERVAL])


def differences(table: pd.DataFrame, one: str, other: str, column: str = "final") -> pd.DataFrame:
    """Cell ``one`` less cell ``other`` in a measure, points, paired by seed; one row a task.

    Columns: task, value, low, high, n, noise_floor and the smallest difference resolvable with it.
    """
    both = table[table["cell"].isin([one, other])].set_index(["seed", "cell"])
    rows = []
    for task in [task for task in TASKS if task in set(both["task"])]:
        found, floor = paired(both.loc[both["task"] == task, column].unstack("cell"), one, other)
        rows.append((task, *found, floor, resolvable_by_seeds(floor, found.n)))
    return pd.DataFrame(rows, columns=["task", *INTERVAL, "noise_floor", "resolvable"])


def relative_difference(table: pd.DataFrame, one: str, other: str) -> tuple[TInterval, float]:
    """`delta_m` of a cell against another, over the tasks that both train, and its noise floor."""
    return paired(relative(table, one, other), one, other)


def relative(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """The scores of two cells, each in percent of the other's mean, in the mean over the tasks that
    both train: a row a seed, a column a cell."""
    both = table[table["cell"].isin([one, other])]
    wide = both.pivot(index=["seed", "cell"], columns="task", values="final")
    of_one, of_other = (wide[wide.index.get_level_values("cell") == cell] for cell in (one, other))
    shared = of_one.columns[of_one.notna().any() & of_other.notna().any()]
    shares = 100 * wide[shared] / of_other[shared].mean().replace(0.0, np.nan)
    means = shares.mean(axis=1, skipna=False).unstack("cell")
    return means.reindex(columns=list(dict.fromkeys([one, other])))


def paired(values: pd.DataFrame, one: str, other: str) -> tuple[TInterval, float]:
    """Mean difference of two cells with its t interval, and its noise floor.

    ``values``: a row a seed, a column a cell. The floor is what seeds alone give such a mean in
    95 % of cases, from the variance between seeds pooled over both cells; NaN with one seed.
    """
    wide = values.reindex(columns=[one, other])
    found = t_interval((wide[one] - wide[other]).dropna())
    variance, freedom = wide.var(), wide.count() - 1
    known = freedom > 0
    if not (known.any() and found.n):
        return found, float("nan")
    sigma = np.sqrt(np.average(variance[known], weights=freedom[known]))
    return found, floor_of_mean([sigma], found.n)
