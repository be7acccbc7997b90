"""The report's weighting of tasks: weight_i = (mean loss / loss_i) ** 0.5."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]


def formula_weights(losses: ArrayLike, exponent: float = 0.5) -> Values:
    """Weight of each of K positive losses; a loss above their mean gets a weight below 1."""
    values = _positive("losses", losses)
    return np.asarray((values.mean() / values) ** exponent)


def implied_exponents(losses: ArrayLike, weights: ArrayLike) -> Values:
    """The exponent at which the formula would give each weight: were it followed, all were equal.

    NaN for a loss that equals the mean, whose weight is 1 at any exponent.
    """
    values, found = _positive("losses", losses), _positive("weights", weights)
    ratio = np.log(values.mean() / values)
    return np.log(found) / np.where(ratio == 0, np.nan, ratio)


def largest_share(losses: ArrayLike, weights: ArrayLike) -> tuple[int, float]:
    """Which task makes up most of the weighted sum of losses, and how much of it (percent)."""
    parts = _positive("losses", losses) * _positive("weights", weights)
    place = int(np.argmax(parts))
    return place, float(100 * parts[place] / parts.sum())


def _positive(name: str, values: ArrayLike) -> Values:
    found = np.asarray(values, float)
    if not (found > 0).all():
        raise ValueError(f"{name} must be above 0, not {found.tolist()}")
    return found
