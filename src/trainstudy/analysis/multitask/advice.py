"""Which changes to a way of training are worth making: each against the way itself, by one rule."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import TInterval
from trainstudy.analysis.multitask.many import DUNNETT, LEVEL, changes, dunnett
from trainstudy.analysis.multitask.reference import differences, relative_difference
from trainstudy.analysis.multitask.transfer import INTERVAL
from trainstudy.analysis.noise import resolvable

DO, UNSEEN, DONT = "do this", "no difference seen", "do not"
OPEN = "open"  # a difference that so many comparisons may show by chance
FEW, ABSENT = "too few seeds", "not trained"
VERDICTS = (DO, OPEN, UNSEEN, DONT, FEW, ABSENT)
ADVICE = ["cell", "verdict", *INTERVAL, "p", "noise_floor", "resolvable"]


def judge(found: TInterval, floor: float) -> str:
    """'do this' where the whole interval lies above 0 and the mean above the noise floor, 'do not'
    where they lie below, else 'no difference seen'; 'too few seeds' where there is no interval."""
    if np.isnan(found.low) or np.isnan(floor):
        return FEW
    if found.low > 0 and found.value > floor:
        return DO
    return DONT if found.high < 0 and found.value < -floor else UNSEEN


def smallest(found: TInterval, floor: float, half: float = 0.0) -> float:
    """The smallest true difference that would be found four times out of five: the noise floor and
    half the interval stand in its way, and ``half`` of one that counts all comparisons."""
    return resolvable(float(np.fmax(np.fmax(floor, half), (found.high - found.low) / 2)))


def advise(table: pd.DataFrame, cells: Sequence[str], than: str) -> pd.DataFrame:
    """One row a cell, `ADVICE`: its mean relative difference over the tasks to ``than``, percent.

    ``table``: of `transfer.by_task`. verdict: that of `judge`, or 'open' where it is a difference
    that p, of all the comparisons together (see `many.dunnett`), leaves to chance; resolvable: see
    `smallest`. In the order of `VERDICTS`, then the best first.
    """
    trained = set(table["cell"])
    each = list(dict.fromkeys(cells))
    together = dunnett(table, each, than).reindex(each)
    rows = []
    for cell in each:
        if cell not in trained:
            rows.append((cell, ABSENT, *TInterval(np.nan, np.nan, np.nan, 0), *[np.nan] * 3))
            continue
        found, floor = relative_difference(table, cell, than)
        p, half = (float(together[name][cell]) for name in DUNNETT)
        verdict = judge(found, floor)
        if verdict in (DO, DONT) and p >= LEVEL:
            verdict = OPEN
        rows.append((cell, verdict, *found, p, floor, smallest(found, floor, half)))
    advice = pd.DataFrame(rows, columns=ADVICE)
    place = advice["verdict"].map(VERDICTS.index)
    order = advice.assign(place=place).sort_values(
        ["place", "value"], ascending=[True, False], kind="stable"
    )
    return order[ADVICE].reset_index(drop=True)


def by_task(table: pd.DataFrame, cells: Sequence[str], than: str) -> pd.DataFrame:
    """The same of every task alone, points: cell, task, value, low, high, n, noise_floor, verdict.

    Only tasks that the cell and ``than`` both train, with seeds in common.
    """
    parts = []
    for cell in cells:
        found = differences(table, cell, than)
        found = found[found["n"] > 0].drop(columns="resolvable")
        intervals = [TInterval(*row) for row in found[INTERVAL].itertuples(index=False)]
        floors = found["noise_floor"]
        found["verdict"] = [judge(*pair) for pair in zip(intervals, floors, strict=True)]
        parts.append(found.assign(cell=cell))
    columns = ["cell", "task", *INTERVAL, "noise_floor", "verdict"]
    whole = [part for part in parts if len(part)]
    if not whole:
        return pd.DataFrame(columns=columns)
    return pd.concat(whole, ignore_index=True)[columns]


def others(table: pd.DataFrame, known: Sequence[str], than: str) -> list[str]:
    """The cells that change ``than`` in something and are not among the known ones."""
    return [cell for cell in changes(table, than) if cell not in known]
