"""Who saturates early and who still learns: section 3 of the report, by stated rules."""

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import (
    CONFIGURATION,
    check_budgets,
    points,
    whole_curves,
)
from trainstudy.analysis.noise import (
    Z95,
    between_checkpoints,
    floor_of_gain,
    sigma_by_configuration,
)

FINAL = 3  # checkpoints averaged to the final level: one alone is as noisy as what it judges

PATTERN_COLUMNS = [
    *CONFIGURATION,
    "final",
    "saturated_at",
    "total_gain",
    "last_gain",
    "last_gain_low",
    "last_gain_high",
    "noise_floor",
    "pattern",
]


def saturation(
    curves: pd.DataFrame,
    boundaries: tuple[int, int, int] = (90_000, 240_000, 320_000),
    fast_before: int = 200_000,
    breaks: tuple[int, ...] = (),
) -> pd.DataFrame:
    """One row a configuration: when it reaches its final level, and its pattern.

    `boundaries` are the start, the beginning of the last phase, and the end. final: mean of the
    last three checkpoints (percent); saturated_at: the first checkpoint no further below it than
    1.96 sigma sqrt(1 + 1/3). last_gain with its 95 % interval (gain minus and plus noise_floor).

    pattern, the first that holds:
    undetermined    noise not estimable, a boundary not evaluated, or no total gain beyond noise
    slow learner    the gain of the last phase exceeds its noise floor
    fast saturator  saturated_at lies before `fast_before`
    steady          none of these
    """
    start, _, end = check_budgets(boundaries, 3)
    sigmas = sigma_by_configuration(between_checkpoints(curves, (start, end), breaks))
    rows = []
    for key, row, runs in whole_curves(curves, within=(start, end)):
        x, y = points(row)
        if len(x) <= FINAL:
            continue
        final, sigma = float(y[-FINAL:].mean()), sigmas[key] / np.sqrt(runs)
        reached = x[y >= final - Z95 * sigma * np.sqrt(1 + 1 / FINAL)]
        saturated_at = float(reached[0]) if len(reached) else np.nan
        at_start, at_late, at_end = row.reindex(boundaries).to_numpy()
        total, last = at_end - at_start, at_end - at_late
        floor = float(floor_of_gain(sigma))
        rows.append(
            (
                *key,
                final,
                saturated_at,
                total,
                last,
                last - floor,
                last + floor,
                floor,
                _pattern(total, last, floor, saturated_at < fast_before),
            )
        )
    return pd.DataFrame(rows, columns=PATTERN_COLUMNS)


def _pattern(total: float, last: float, floor: float, early: bool) -> str:
    if not total > floor or np.isnan(last):  # NaN counts as not beyond noise
        return "undetermined"
    if last > floor:
        return "slow learner"
    return "fast saturator" if early else "steady"
