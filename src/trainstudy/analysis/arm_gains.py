"""What each arm gains at each budget, paired by seed, beside what seeds alone would give."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq

from trainstudy.analysis.noise import Z95, floor_of_mean

GAINS = [
    "arm", "budget", "answers", "n", "level", "gain", "low", "high", "noise_floor", "resolvable",
]  # fmt: skip


class TInterval(NamedTuple):
    """A mean, its 95 % interval by Student's t, and the number of seeds behind it."""

    value: float
    low: float
    high: float
    n: int


def t_interval(values: ArrayLike) -> TInterval:
    """Mean of a few seeds with its 95 % t interval; NaN for the interval of fewer than two.

    Student's t and no bootstrap: three to five values are too few to resample.
    """
    sample = np.asarray(values, float)
    n, mean = len(sample), float(np.mean(sample)) if len(sample) else np.nan
    if n < 2:
        return TInterval(mean, np.nan, np.nan, n)
    half = float(stats.t.ppf(0.975, n - 1) * np.std(sample, ddof=1) / np.sqrt(n))
    return TInterval(mean, mean - half, mean + half, n)


def t_ratio(top: ArrayLike, bottom: ArrayLike) -> TInterval:
    """Ratio of two means over the same few seeds with its 95 % interval (Fieller 1954).

    NaN for the interval of fewer than two, and where that of the lower mean reaches zero.
    """
    numerator, denominator = np.asarray(top, float), np.asarray(bottom, float)
    n, below = len(numerator), t_interval(denominator)
    if not n or not below.value:
        return TInterval(np.nan, np.nan, np.nan, n)
    ratio = float(np.mean(numerator)) / below.value
    if n < 2 or below.low <= 0 <= below.high:
        return TInterval(ratio, np.nan, np.nan, n)
    quantile = stats.t.ppf(0.975, n - 1)
    (over, both), (_, under) = np.cov(numerator, denominator) / n
    g = quantile**2 * under / below.value**2
    spread = over - 2 * ratio * both + ratio**2 * under
    inside = spread - g * (over - both**2 / under) if under else spread
    middle = (ratio - (g * both / under if under else 0)) / (1 - g)
    half = float(quantile * np.sqrt(max(inside, 0)) / abs(below.value) / (1 - g))
    return TInterval(ratio, float(middle) - half, float(middle) + half, n)


def resolvable_by_seeds(floor: float, n: int) -> float:
    """Smallest true difference that a t test of n pairs finds at 5 % with 80 % power.

    ``floor``: what seeds alone give the mean of n such differences, `noise.floor_of_mean`. With few
    seeds far more than `noise.resolvable`, which is of many configurations. NaN for fewer than two.
    """
    return floor / Z95 * _noncentrality(n) if n > 1 else np.nan


@cache
def _noncentrality(n: int) -> float:
    """The true mean, in standard errors, that such a test finds four times out of five."""
    sure = stats.t.ppf(0.975, n - 1)
    found: float = brentq(lambda size: stats.nct.sf(sure, n - 1, size) - 0.8, 0, 100)
    return found


def arm_gains(scores: pd.DataFrame) -> pd.DataFrame:
    """Level and gain over the arm's own shortest budget, mIoU points.

    ``scores``: seed, arm, budget, answers, mIoU, of one split and domain. Columns: arm, budget,
    answers, n (seeds), level (mean), gain with its interval low..high (paired by seed),
    noise_floor (what seeds alone give a mean gain of n pairs in 95 % of cases, from the spread
    within arm and budget) and the smallest gain resolvable with it. Arms keep their order.
    """
    sigma = _between_seeds(scores)
    rows = []
    for arm, part in scores.groupby("arm", sort=False):
        levels = part.pivot(index="seed", columns="budget", values="mIoU")
        answers = part.drop_duplicates("budget").set_index("budget")["answers"]
        first = levels[levels.columns[0]]
        for budget in levels.columns:
            found = t_interval((levels[budget] - first).dropna())
            floor = floor_of_mean([sigma], found.n) if found.n else np.nan
            longer = budget != levels.columns[0]
            gain = found if longer else TInterval(0.0, np.nan, np.nan, found.n)
            noise = (floor, resolvable_by_seeds(floor, found.n)) if longer else (np.nan, np.nan)
            rows.append(
                (arm, budget, bool(answers[budget]), found.n, levels[budget].mean(), *gain[:3],
                 *noise)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=GAINS)


def phase_gains(curves: pd.DataFrame, arm: str, phases: list[tuple[int, int]]) -> pd.DataFrame:
    """Gains of an arm between pairs of iterations, paired by seed: start, end, gain, low, high, n.

    ``curves``: seed, arm, leg, iteration, mIoU. Only for arms of one line of descent; a phase that
    was not validated at both ends has no gain (NaN).
    """
    part = curves[curves["arm"] == arm].drop_duplicates(["seed", "iteration"], keep="last")
    levels = part.pivot(index="seed", columns="iteration", values="mIoU")
    rows = []
    for start, end in phases:
        known = {start, end} <= set(levels.columns)
        found = t_interval((levels[end] - levels[start]).dropna() if known else [])
        rows.append((start, end, *found))
    return pd.DataFrame(rows, columns=["start", "end", "gain", "low", "high", "n"])


def difference(scores: pd.DataFrame, one: str, other: str, budget: int) -> TInterval:
    """mIoU of arm ``one`` less that of arm ``other`` at a budget, paired by seed."""
    at_budget = scores[scores["budget"] == budget]
    levels = at_budget.pivot(index="seed", columns="arm", values="mIoU")
    known = {one, other} <= set(levels.columns)
    return t_interval((levels[one] - levels[other]).dropna() if known else [])


def _between_seeds(scores: pd.DataFrame) -> float:
    """Standard deviation between seeds, pooled over arms and budgets; NaN with one seed."""
    groups = scores.groupby(["arm", "budget"])["mIoU"]
    variance, count = groups.var(), groups.size()
    known = count > 1
    if not known.any():
        return float("nan")
    return float(np.sqrt(np.average(variance[known], weights=count[known] - 1)))
