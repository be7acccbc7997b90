"""Differences between groups of configurations, paired within what the groups share."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import add_family
from trainstudy.analysis.intervals import Interval, mean_interval
from trainstudy.analysis.noise import Z95, noise_of

FACTORS = ("strategy", "dataset", "family")


@dataclass(frozen=True)
class Difference:
    """Group a minus group b: mean over pairs with its interval, its 95 % noise floor, the pairs."""

    interval: Interval
    noise_floor: float
    pairs: pd.DataFrame


def paired_difference(values: pd.DataFrame, column: str, factor: str, a: str, b: str) -> Difference:
    """Difference of `column` between two levels of a factor, paired within the other two factors.

    `values` has strategy, dataset, model, `column`, and optionally `sigma` (standard error of
    `column`). factor is 'strategy', 'dataset' or 'family'; several models of one family are
    averaged first. Configurations without a partner do not count. `pairs` has the two other
    factors, a, b, difference. Raises ValueError on another factor.
    """
    if factor not in FACTORS:
        raise ValueError(f"factor {factor!r}: accepted are {', '.join(FACTORS)}")
    others = [name for name in FACTORS if name != factor]
    table = add_family(values)
    table["variance"] = table["sigma"] ** 2 if "sigma" in table else np.nan
    cells = table.groupby([*others, factor])
    mean = cells[column].mean().unstack(factor).reindex(columns=[a, b])
    # The variance of a mean over m models is the sum of theirs over m squared.
    variance = (cells["variance"].mean() / cells.size()).unstack(factor).reindex(columns=[a, b])
    pairs = mean.dropna().set_axis(["a", "b"], axis=1)
    pairs["difference"] = pairs["a"] - pairs["b"]
    both = variance.loc[pairs.index].sum(axis=1, skipna=False)
    floor = Z95 * float(np.sqrt(both.mean() / len(pairs))) if len(pairs) else np.nan
    return Difference(mean_interval(pairs["difference"]), floor, pairs.reset_index())


def with_error(gains: pd.DataFrame, noise: pd.DataFrame) -> pd.DataFrame:
    """Gains with `sigma`, the standard error of a gain: sqrt(2) times that of a checkpoint."""
    return gains.assign(sigma=np.sqrt(2.0) * noise_of(gains, noise).to_numpy())
