"""From rows of checkpoints to one level a configuration and iteration.

A configuration is a (strategy, dataset, model) triple. Runs of one configuration are replicates
and are averaged; splits are never mixed.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trainstudy.runs.aliases import family

CONFIGURATION = ["strategy", "dataset", "model"]
RUN = [*CONFIGURATION, "run"]


def choose_split(curves: pd.DataFrame) -> str:
    """The one split that a table is made from.

    'test' when every configuration with at least two validated checkpoints also has two tested
    ones, so that choosing it loses nobody; otherwise 'val'. An empty frame gives 'test'.
    """
    splits = set(curves["split"])
    if len(splits) < 2:
        return str(next(iter(splits), "test"))
    points = curves.groupby(["split", *CONFIGURATION])["iteration"].nunique()
    several = points[points >= 2]
    lost = _configurations_of(several, "val") - _configurations_of(several, "test")
    return "val" if lost else "test"


def one_split(curves: pd.DataFrame, split: str | None = None) -> pd.DataFrame:
    """The rows of `split`, or of the one `choose_split` names."""
    return curves[curves["split"] == (split or choose_split(curves))]


def run_levels(curves: pd.DataFrame, split: str | None = None) -> pd.DataFrame:
    """mIoU (percent), one row a run (strategy, dataset, model, run), one column an iteration."""
    wide = one_split(curves, split).pivot(index=RUN, columns="iteration", values="mIoU")
    return wide.sort_index()


def levels(curves: pd.DataFrame, split: str | None = None) -> pd.DataFrame:
    """mIoU (percent), one row a configuration, one column an iteration, averaged over runs."""
    return run_levels(curves, split).groupby(level=CONFIGURATION).mean()


def whole_curves(
    curves: pd.DataFrame, split: str | None = None, within: tuple[int, int] | None = None
) -> Iterator[tuple[tuple[str, ...], pd.Series, int]]:
    """One curve a configuration, of the same runs all along: its key, mIoU (percent) by iteration,
    and how many runs it is the mean of. ``within``: the first and the last iteration that count.

    These are the run that was evaluated most often, and those that were wherever it was: where a
    run ends, or begins, within a mean over others, the mean would step.
    """
    known = one_split(curves, split)
    if within is not None:
        known = known[known["iteration"].between(*within)]
    for key, runs in run_levels(known).groupby(level=CONFIGURATION):
        most = runs.iloc[int(runs.count(axis=1).to_numpy().argmax())].dropna()
        kept = runs[list(most.index)].dropna()
        yield tuple(map(str, key)), kept.mean(), len(kept)


def at(wide: pd.DataFrame, iteration: int) -> pd.Series:
    """One column of `levels` or `run_levels`; all NaN where nothing was evaluated there."""
    if iteration in wide.columns:
        return wide[iteration].rename("mIoU")
    return pd.Series(np.nan, index=wide.index, name="mIoU")


def points(row: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Iterations and mIoU of one row of `levels` or `run_levels`, gaps removed."""
    known = row.dropna()
    return known.index.to_numpy(np.float64), known.to_numpy(np.float64)


def name(configuration: Iterable[object]) -> str:
    """'strategy/dataset/model'."""
    return "/".join(map(str, configuration))


def add_family(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column `family` (PSPNet, SegFormer, ...) derived from `model`."""
    names = {model: family(model) for model in frame["model"].unique()}
    return frame.assign(family=frame["model"].map(names).astype("str"))


def select(curves: pd.DataFrame, **wanted: Any) -> pd.DataFrame:
    """Rows whose `strategy`, `dataset`, `model` or `family` equal the given values (None: any)."""
    for column, value in wanted.items():
        if value is not None:
            frame = add_family(curves) if column == "family" else curves
            curves = curves[frame[column] == value]
    return curves


def check_budgets(budgets: Sequence[int], least: int = 2) -> list[int]:
    """The budgets as a list; ValueError unless they are positive and strictly increasing."""
    found = list(budgets)
    if len(found) < least or found[0] <= 0 or any(a >= b for a, b in pairwise(found)):
        raise ValueError(
            f"budgets {found}: give at least {least} positive iterations in increasing order"
        )
    return found


def _configurations_of(counts: pd.Series, split: str) -> set[Hashable]:
    return {key[1:] for key in counts.index if key[0] == split}
