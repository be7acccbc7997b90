"""Bootstrap intervals over configurations.

Configurations that share a dataset or a model are not independent, and all share one seed: these
intervals say how much a mean depends on which configurations were trained, not what another seed
would give.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

RESAMPLES = 9_999
SEED = 20_260_117

Values = NDArray[np.float64]


class Interval(NamedTuple):
    """An estimate, its 95 % interval and the number of configurations behind it."""

    value: float
    low: float
    high: float
    n: int


def mean_interval(values: ArrayLike, seed: int = SEED) -> Interval:
    """Mean over configurations with its BCa interval (Efron 1987).

    Fewer than three values: no interval (NaN). All equal: the interval is the value. Raises
    ValueError on NaN values.
    """
    (sample,) = _checked(values)
    return _interval((sample,), _mean, seed)


def ratio_interval(numerator: ArrayLike, denominator: ArrayLike, seed: int = SEED) -> Interval:
    """Ratio of two means over the same configurations, resampled together, with its BCa interval.

    Where the interval of the denominator's mean reaches zero the ratio has no finite interval
    (Fieller 1954) and low and high are NaN, as they are for fewer than three configurations.
    """
    top, bottom = _checked(numerator, denominator)
    below = mean_interval(bottom, seed)
    if below.n < 3 or below.low <= 0 <= below.high:
        value = float(np.mean(top) / below.value) if below.n and below.value else np.nan
        return Interval(value, np.nan, np.nan, below.n)
    return _interval((top, bottom), _ratio, seed)


def _interval(samples: tuple[Values, ...], statistic: Callable[..., Any], seed: int) -> Interval:
    n = len(samples[0])
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    value = float(statistic(*samples))
    if n < 3:
        return Interval(value, np.nan, np.nan, n)
    settings: dict[str, Any] = {"paired": len(samples) > 1, "vectorized": True}
    drawn = stats.bootstrap(
        samples,
        statistic,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(seed),
        **settings,
    )
    spread = drawn.bootstrap_distribution
    if np.ptp(spread) <= 1e-12 * max(1.0, abs(value)):
        return Interval(value, value, value, n)
    found = drawn.confidence_interval
    # BCa has no value when every resample lies on one side of the estimate; the percentile has.
    if spread.min() < value < spread.max():
        found = stats.bootstrap(
            samples, statistic, n_resamples=0, bootstrap_result=drawn, method="BCa", **settings
        ).confidence_interval
    return Interval(value, float(found.low), float(found.high), n)


def _checked(*samples: ArrayLike) -> tuple[Values, ...]:
    arrays = tuple(np.asarray(sample, float) for sample in samples)
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"samples of {[len(a) for a in arrays]} configurations are not paired")
    if any(np.isnan(array).any() for array in arrays):
        raise ValueError("an interval needs one value a configuration; some are missing (NaN)")
    return arrays


def _mean(sample: Values, axis: int = -1) -> Any:
    return np.mean(sample, axis=axis)


def _ratio(top: Values, bottom: Values, axis: int = -1) -> Any:
    return np.mean(top, axis=axis) / np.mean(bottom, axis=axis)
