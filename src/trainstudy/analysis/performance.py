"""Levels at the budgets, and the peak: section 2 of the report.

The largest of several noisy checkpoints is larger than the true level of any: a peak carries a
selection bias, and its place says little where the curve is flat within its noise.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import integrate, special

from trainstudy.analysis.configurations import (
    CONFIGURATION,
    at,
    check_budgets,
    choose_split,
    levels,
    points,
    whole_curves,
)
from trainstudy.analysis.intervals import SEED
from trainstudy.analysis.noise import (
    between_checkpoints,
    floor_of_gain,
    sigma_by_configuration,
)

PEAK_COLUMNS = [
    *CONFIGURATION,
    "selected_on",
    "peak_iteration",
    "peak",
    "quoted_on",
    "quoted",
    "noise_floor",
    "within_noise_from",
    "within_noise",
    "peak_excess",
    "peak_iteration_sigma",
]
REDRAWS = 1_000


def levels_at(curves: pd.DataFrame, budgets: Sequence[int]) -> pd.DataFrame:
    """mIoU (percent) at each budget: strategy, dataset, model, then one column a budget (int)."""
    wide = levels(curves)
    return pd.DataFrame({b: at(wide, b) for b in check_budgets(budgets, 1)}).reset_index()


def peaks(
    curves: pd.DataFrame, within: tuple[int, int] | None = None, breaks: Sequence[int] = ()
) -> pd.DataFrame:
    """The best checkpoint of every configuration, and how much its choice is worth.

    Selection uses 'val' where it covers every configuration; `quoted` is the mIoU on 'test' at that
    iteration where it was tested, and `quoted_on` says which split it is.

    noise_floor: of a difference of two checkpoints. within_noise_from: the earliest checkpoint no
    further than that below the peak; within_noise: how many are that close. peak_excess: expected
    excess of the largest of that many equal checkpoints, E[max] sigma, an upper estimate of the
    bias of `peak`. peak_iteration_sigma: standard deviation of the peak's place when each
    checkpoint is drawn again with its noise.
    """
    validated = len(levels(curves, "val")) == len(curves[CONFIGURATION].drop_duplicates()) > 0
    selected_on = "val" if validated else choose_split(curves)
    sigmas = sigma_by_configuration(between_checkpoints(curves, within, breaks, selected_on))
    tested = levels(curves, "test")
    rows = []
    for key, row, runs in whole_curves(curves, selected_on, within):
        x, y = points(row)
        best = int(np.argmax(y))
        iteration, sigma = int(x[best]), sigmas[key] / np.sqrt(runs)
        floor = float(floor_of_gain(sigma))
        close = y >= y[best] - (0.0 if np.isnan(floor) else floor)
        test_value = at(tested, iteration).get(key, np.nan)
        quoted_on = selected_on if np.isnan(test_value) else "test"
        rows.append(
            (
                *key,
                selected_on,
                iteration,
                y[best],
                quoted_on,
                y[best] if quoted_on == selected_on else test_value,
                floor,
                int(x[close][0]),
                int(close.sum()),
                expected_maximum(int(close.sum())) * sigma,
                _place_sigma(x, y, sigma),
            )
        )
    return pd.DataFrame(rows, columns=PEAK_COLUMNS)


@cache
def expected_maximum(count: int) -> float:
    """Mean of the largest of `count` independent standard normal values."""
    if count < 1:
        raise ValueError(f"count {count}: at least one value is needed")

    def density(x: float) -> float:
        normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
        return float(x * count * normal * special.ndtr(x) ** (count - 1))

    return float(integrate.quad(density, -10, 10, limit=200)[0])


def _place_sigma(x: NDArray[np.float64], y: NDArray[np.float64], sigma: float) -> float:
    if np.isnan(sigma):
        return float("nan")
    # One fixed seed: configurations with equal curves get equal answers.
    drawn = y + sigma * np.random.default_rng(SEED).standard_normal((REDRAWS, len(y)))
    return float(np.std(x[drawn.argmax(axis=1)]))
