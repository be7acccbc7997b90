"""How far the tasks' gradients over the shared weights point in one direction.

A cosine below 0 means that a step for one task is, to first order, a step against the other.
"""

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask.transfer import INTERVAL


def by_cell(cosines: pd.DataFrame) -> pd.DataFrame:
    """Mean over the measurements of each seed, then over seeds: cell, pair, value, low, high, n.

    ``cosines``: of `runs.chains.cosines`. opposed: percent of the measurements below 0. The looks
    after a transition, which are many within few iterations, do not count.
    """
    rows = []
    for (cell, pair), part in cosines[cosines["regular"]].groupby(["cell", "pair"], sort=False):
        means = part.groupby("seed")["cosine"].mean()
        rows.append((cell, pair, *t_interval(means), 100 * (part["cosine"] < 0).mean()))
    return pd.DataFrame(rows, columns=["cell", "pair", *INTERVAL, "opposed"])
