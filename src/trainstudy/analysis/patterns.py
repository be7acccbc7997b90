"""Who saturates early and who still learns: section 3 of the report, by stated rules."""

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION, check_budgets, levels, points
from trainstudy.analysis.noise import Z95, between_checkpoints, floor_of_gain

FINAL = 3   # checkpoints averaged to the final level: one alone is as noisy as what it judges

PATTERN_COLUMNS = [
    *CONFIGURATION, "final", "saturated_at", "total_gain", "last_gain", "last_gain_low",
    "last_gain_high", "noise_floor", "pattern",
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
    start, late, end = check_budgets(boundaries, 3)
    noise = between_checkpoints(curves, (start, end), breaks).set_index(CONFIGURATION)["sigma_mean"]
    rows = []
    for key, row in levels(curves).iterrows():
        x, y = points(row[(row.index >= start) & (row.index <= end)])
        if len(x) <= FINAL:
            continue
        final, sigma = float(y[-FINAL:].mean()), float(noise[key])
        reached = x[y >= final - Z95 * sigma * np.sqrt(1 + 1 / FINAL)]
        saturated_at = float(reached[0]) if len(reached) else np.nan
        total, last = row.get(end, np.nan) - row.get([start, late]).to_numpy()
        floor = float(floor_of_gain(sigma))
        rows.append((
            *key, final, saturated_at, total, last, last - floor, last + floor, floor,
            _pattern(total, last, floor, saturated_at < fast_before),
        ))
    return pd.DataFrame(rows, columns=PATTERN_COLUMNS)


def _pattern(total: float, last: float, floor: float, early: bool) -> str:
    if not total > floor or np.isnan(last):   # NaN counts as not beyond noise
        return "undetermined"
    if last > floor:
        return "slow learner"
    return "fast saturator" if early else "steady"


def influence(gains: pd.DataFrame) -> pd.DataFrame:
    """How far each single configuration moves the mean gain, the most influential first.

    Adds to strategy, dataset, model, gain the columns mean_without (the mean of all others; NaN
    for a single configuration) and shift (mean minus mean_without, mIoU points).
    """
    table = gains[[*CONFIGURATION, "gain"]].copy()
    others = len(table) - 1
    table["mean_without"] = (
        (table["gain"].sum() - table["gain"]) / others if others > 0 else np.nan
    )
    table["shift"] = table["gain"].mean() - table["mean_without"]
    return table.sort_values("shift", key=abs, ascending=False, kind="stable", ignore_index=True)
