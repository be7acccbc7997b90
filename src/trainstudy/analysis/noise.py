"""How far two neighbouring checkpoints of one training differ for no reason of budget.

The level of a curve moves slowly, its noise does not, so what is left of a point after a straight
line between its two neighbours is noise (Gasser, Sroka & Jennen-Steinmetz 1986, "Residual variance
and residual pattern in nonlinear regression", Biometrika 73).

Limits. Checkpoints at the floor of the learning rate share most of their weights, so their noise
is correlated and this is a *lower* bound of what another seed would change; `between_runs` measures
that where replicates exist. Curvature between neighbours counts as noise, so widely spaced
checkpoints give an *upper* bound of the noise between checkpoints.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from trainstudy.analysis.configurations import CONFIGURATION, at, points, run_levels

Z95 = 1.959964  # two-sided 95 %
Z80 = 0.841621  # one-sided 80 %, the power


def residuals(
    iterations: ArrayLike, values: ArrayLike, breaks: Sequence[int] = ()
) -> NDArray[np.float64]:
    """Pseudo-residuals with the variance of one observation, any spacing.

    e_i = c_i (a_i y_{i-1} + b_i y_{i+1} - y_i), a_i and b_i the weights of the straight line
    through the neighbours, c_i^2 = 1 / (a_i^2 + b_i^2 + 1). No residual spans a break (a resume):
    one with x_{i-1} <= break < x_{i+1} is left out. `iterations` must increase.
    """
    x, y = np.asarray(iterations, float), np.asarray(values, float)
    if len(x) < 3:
        return np.empty(0)
    before, here, after = x[:-2], x[1:-1], x[2:]
    a = (after - here) / (after - before)
    b = 1 - a
    scaled = (a * y[:-2] + b * y[2:] - y[1:-1]) / np.sqrt(a**2 + b**2 + 1)
    keep = np.ones(len(scaled), bool)
    for point in breaks:
        keep &= ~((before <= point) & (point < after))
    kept: NDArray[np.float64] = scaled[keep]
    return kept


def between_checkpoints(
    curves: pd.DataFrame,
    within: tuple[int, int] | None = None,
    breaks: Sequence[int] = (),
    split: str | None = None,
) -> pd.DataFrame:
    """Noise of every configuration: strategy, dataset, model, runs, residuals, sigma, sigma_mean.

    sigma: standard deviation of one checkpoint's mIoU (points), root mean square over the runs;
    sigma_mean: that of the mean over the runs. NaN where no three checkpoints lie `within`
    (inclusive) without a break between them.
    """
    rows = []
    for configuration, runs in run_levels(curves, split).groupby(level=CONFIGURATION):
        found = [residuals(*_inside(*points(row), within), breaks) for _, row in runs.iterrows()]
        pooled = np.concatenate(found)
        sigma = float(np.sqrt(np.mean(pooled**2))) if len(pooled) else np.nan
        mean = sigma / np.sqrt(len(runs))
        rows.append((*configuration, len(runs), len(pooled), sigma, mean))
    columns = [*CONFIGURATION, "runs", "residuals", "sigma", "sigma_mean"]
    return pd.DataFrame(rows, columns=columns)


def at_iteration(
    curves: pd.DataFrame,
    iteration: int,
    within: tuple[int, int] | None = None,
    breaks: Sequence[int] = (),
) -> pd.DataFrame:
    """`between_checkpoints` of the side of every break on which an iteration lies: training, and so
    noise, may be of another kind there. A break is the last of its side.

    Where a configuration has too few checkpoints there, that of ``within``.
    """
    found = between_checkpoints(curves, within, breaks)
    beyond = [place for place in breaks if place >= iteration]
    if not beyond:
        return found
    start = max((place for place in breaks if place < iteration), default=0)
    side = between_checkpoints(curves, (start, min(beyond)), breaks)
    side = found[CONFIGURATION].merge(side, how="left", on=CONFIGURATION)
    own = {name: side[name].fillna(found[name]) for name in ("sigma", "sigma_mean")}
    return found.assign(**own)


def between_ends(
    curves: pd.DataFrame,
    start: int,
    end: int,
    within: tuple[int, int] | None = None,
    breaks: Sequence[int] = (),
) -> pd.DataFrame:
    """The same for gains from ``start`` to ``end``: `of_both`."""
    return of_both(*(at_iteration(curves, place, within, breaks) for place in (start, end)))


def of_both(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The root mean square of the noise of two iterations, of the same configurations."""
    both = {
        name: np.sqrt((one[name] ** 2 + other[name] ** 2) / 2) for name in ("sigma", "sigma_mean")
    }
    return other.assign(**both)


def between_runs(curves: pd.DataFrame, iteration: int, split: str | None = None) -> pd.DataFrame:
    """Standard deviation of mIoU between replicates: strategy, dataset, model, runs, mean, sigma.

    Only configurations with at least two runs evaluated at `iteration`; empty where there are none.
    """
    column = at(run_levels(curves, split), iteration).dropna()
    runs = column.groupby(level=CONFIGURATION)
    table = pd.DataFrame({"runs": runs.size(), "mean": runs.mean(), "sigma": runs.std()})
    return table[table["runs"] >= 2].reset_index()


def floor_of_gain(sigma: ArrayLike) -> NDArray[np.float64]:
    """Largest gain of one configuration that noise alone gives in 95 % of cases: 1.96 sqrt(2) s."""
    return np.asarray(Z95 * np.sqrt(2.0) * np.asarray(sigma, float))


def floor_of_mean(sigmas: ArrayLike, n: int | None = None) -> float:
    """The same for a mean gain over n configurations: 1.96 sqrt(2 mean(s^2) / n).

    Unknown sigmas (NaN) take the mean variance of the known; NaN where none is known.
    """
    every = np.asarray(sigmas, float)
    known = every[~np.isnan(every)]
    if not len(known):
        return float("nan")
    return float(Z95 * np.sqrt(2 * np.mean(known**2) / (n or len(every))))


def resolvable(floor: float) -> float:
    """Smallest true gain found significant at 5 % with 80 % power, given the 95 % noise floor."""
    return floor * (Z95 + Z80) / Z95


def noise_of(table: pd.DataFrame, noise: pd.DataFrame) -> pd.Series:
    """Noise of each row of a table of configurations, NaN where it is not known.

    Where the table tells how many ``runs`` its rows are means of, that of a mean over these: a run
    that a gain does not count makes it no surer. Else `sigma_mean`, over all runs.
    """
    found = table[CONFIGURATION].merge(noise, how="left", on=CONFIGURATION)
    if "runs" in table:
        return pd.Series(found["sigma"] / np.sqrt(table["runs"].to_numpy(float)))
    return found["sigma_mean"]


def sigma_by_configuration(noise: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """`sigma`, of one run's checkpoint, by (strategy, dataset, model)."""
    keys = noise[CONFIGURATION].itertuples(index=False, name=None)
    return {key: float(sigma) for key, sigma in zip(keys, noise["sigma"], strict=True)}


def _inside(
    x: NDArray[np.float64], y: NDArray[np.float64], within: tuple[int, int] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if within is None:
        return x, y
    keep = (x >= within[0]) & (x <= within[1])
    return x[keep], y[keep]
