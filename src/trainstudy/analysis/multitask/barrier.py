"""How far the networks between two trainings fall behind the two: the barrier on a straight line.

Frankle, Dziugaite, Roy and Carbin 2020, "Linear mode connectivity and the lottery ticket
hypothesis", compare the worst network on the path with the mean of its two ends. Cells end at
different scores, which would count as a barrier there, so the comparison here is the straight line
between the two ends, as in Entezari, Sedghi, Saukh and Neyshabur 2022, "The role of permutation
invariance in linear mode connectivity of neural networks".

A barrier is a maximum, hence never negative, and noise alone makes it larger than none: an interval
above zero is no evidence by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask.transfer import INTERVAL

PAIR = ["one", "other"]
DTYPES = {
    "one": "str", "other": "str", "seed": "int64", "share": "float64", "task": "str",
    "score": "float64",
}  # fmt: skip
COLUMNS = list(DTYPES)


def frame(paths: Sequence[Mapping[str, Any]], measures: Mapping[str, str]) -> pd.DataFrame:
    """A row for every network and task: `COLUMNS`, scores in percent.

    ``paths``: as ``multitask.barrier`` writes them; ``measures``: what they call the score of every
    task. Raises ValueError naming the path that lacks an end or a score, or has one that is none.
    """
    rows: list[dict[str, Any]] = []
    for path in paths:
        name = f"path from {path['one']!r} to {path['other']!r}, seed {path['seed']}"
        shares = [point.get("share") for point in path["points"]]
        if not {0.0, 1.0} <= set(shares) or len(set(shares)) < len(shares):
            raise ValueError(f"{name}: shares {shares}; expected each once, from 0 to 1")
        for point in path["points"]:
            for task, measure in measures.items():
                score = point.get(measure)
                if score is None or not 0 <= score <= 100:
                    raise ValueError(f"{name}: {measure} at share {point['share']} is {score}")
                key = {column: path[column] for column in ("one", "other", "seed")}
                rows.append({**key, "share": point["share"], "task": task, "score": score})
    return pd.DataFrame(rows, columns=COLUMNS).astype(DTYPES)


def barriers(paths: pd.DataFrame) -> pd.DataFrame:
    """The largest amount by which a path lies below the line between its ends, points (>= 0).

    ``paths``: see :func:`frame`. Columns: one, other, seed, task, barrier and share, where on the
    path that is; NaN where it is nowhere below.
    """
    rows = []
    for key, part in paths.groupby([*PAIR, "seed", "task"], sort=False):
        path = part.set_index("share")["score"].sort_index()
        line = np.interp(path.index, [0.0, 1.0], [path[0.0], path[1.0]])
        below = line - path
        deepest = float(below.max())  # zero at the ends, so never less
        rows.append((*key, deepest, below.idxmax() if deepest > 0 else np.nan))
    return pd.DataFrame(rows, columns=[*PAIR, "seed", "task", "barrier", "share"])


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Means of :func:`barriers` over seeds: one, other, task, value, low, high, n."""
    groups = table.groupby([*PAIR, "task"], sort=False)
    rows = [(*key, *t_interval(part["barrier"])) for key, part in groups]
    return pd.DataFrame(rows, columns=[*PAIR, "task", *INTERVAL])
