"""One network for all tasks against a network for each: is it at least on par?

Not to see a loss is not to see that there is none: on par is what can hardly be worse by more than
a margin (Piaggio et al. 2012, "Reporting of noninferiority and equivalence randomized trials").
"""

from itertools import product

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import TInterval, t_interval
from trainstudy.analysis.multitask.advice import smallest
from trainstudy.analysis.multitask.own_base import MARGIN
from trainstudy.analysis.multitask.reference import SINGLE, differences
from trainstudy.analysis.multitask.transfer import INTERVAL

PAR, UNSEEN, WORSE = "at least on par", "no loss seen", "worse"
UNKNOWN = "too few seeds"
EQUAL = "weighting=equal"
PAIRS = [
    "task", "cell", "reference", "budget", *INTERVAL, "noise_floor", "resolvable", "level",
    "verdict",
]  # fmt: skip


def on_par(found: TInterval, floor: float, level: float) -> str:
    """'at least on par' where the whole interval of a difference lies above a loss of `MARGIN` % of
    ``level``, 'worse' where it lies below 0 and the mean below what seeds alone give, else 'no loss
    seen'; 'too few seeds' where there is no interval."""
    if np.isnan(found.low) or np.isnan(floor):
        return UNKNOWN
    if found.low > -MARGIN / 100 * level:
        return PAR
    return WORSE if found.high < 0 and found.value < -floor else UNSEEN


def against_single(table: pd.DataFrame, cell: str = "joint") -> pd.DataFrame:
    """A cell less every training of one of its tasks alone, points, paired by seed: `PAIRS`.

    ``table``: of `transfer.by_task`. reference: ``single:seg`` and what is named after it, budget:
    what comes after a space in that name, "" for what they share; cell: the one of that budget
    where there is one, as ``joint rate=3e-4`` for ``single:seg rate=3e-4``, else ``cell`` itself,
    and beside it the same with `EQUAL` weights, which the loss of a single task has; resolvable:
    the smallest difference that would have been found, see `advice.smallest`; level: the mean score
    of the reference. One row a budget, cell and task, in the order of the table.
    """
    cells = list(dict.fromkeys(table["cell"]))
    budgets = dict.fromkeys(_budget(name) for name in cells if _is_single(name))
    rows = []
    for budget in budgets:
        named = f"{cell} {budget}".rstrip()
        equal = f"{cell} {EQUAL} {budget}".rstrip()
        compared = [named if named in cells else cell, *([equal] if equal in cells else [])]
        for own, (task, single) in product(compared, SINGLE.items()):
            reference = f"{single} {budget}".rstrip()
            found = differences(table, own, reference)
            found = found[(found["task"] == task) & (found["n"] > 0)]
            for row in found.to_dict("records"):
                of_it = (table["cell"] == reference) & (table["task"] == task)
                level = t_interval(table.loc[of_it, "final"]).value
                interval = TInterval(*(row[name] for name in INTERVAL))
                floor = row["noise_floor"]
                rows.append(
                    (task, own, reference, budget, *interval, floor, smallest(interval, floor),
                     level, on_par(interval, floor, level))
                )  # fmt: skip
    return pd.DataFrame(rows, columns=PAIRS)


def _is_single(cell: str) -> bool:
    return cell.partition(" ")[0] in SINGLE.values()


def _budget(cell: str) -> str:
    return cell.partition(" ")[2]
