"""What each further phase of training brings: section 1 of the report.

The report starts its table at 90k and sets the phase before it, 80k to 90k, to zero.
`REPORT_PHASES` are its own boundaries, `FULL_PHASES` begin where the extension begins.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION, check_budgets, run_levels
from trainstudy.analysis.intervals import mean_interval, ratio_interval
from trainstudy.analysis.noise import between_ends, floor_of_mean, noise_of, resolvable
from trainstudy.analysis.pairs import gains

REPORT_PHASES = (90_000, 160_000, 240_000, 320_000)
FULL_PHASES = (80_000, *REPORT_PHASES)


def marginal_gains(
    curves: pd.DataFrame,
    boundaries: Sequence[int] = REPORT_PHASES,
    breaks: Sequence[int] = (),
) -> pd.DataFrame:
    """One row a phase: its mean gain, and how much of it could be noise.

    start, end; n pairs and n left_out; mean_gain, low, high (mIoU points, interval over the
    configurations present at both ends); noise_floor and smallest_resolvable of that mean;
    gain_per_10k. Noise is estimated between the first and the last boundary, never across `breaks`,
    and on both sides of one that lies within a phase.
    """
    bounds = check_budgets(boundaries)
    rows = []
    for start, end in pairwise(bounds):
        phase = gains(curves, start, end)
        mean = mean_interval(phase.table["gain"])
        noise = between_ends(curves, start, end, (bounds[0], bounds[-1]), breaks)
        floor = floor_of_mean(noise_of(phase.table, noise)) if mean.n else np.nan
        rows.append(
            {
                "start": start,
                "end": end,
                "n": mean.n,
                "left_out": len(phase.left_out),
                "mean_gain": mean.value,
                "low": mean.low,
                "high": mean.high,
                "noise_floor": floor,
                "smallest_resolvable": resolvable(floor),
                "gain_per_10k": mean.value * 10_000 / (end - start),
            }
        )
    return pd.DataFrame(rows)


def shares(curves: pd.DataFrame, boundaries: Sequence[int] = REPORT_PHASES) -> pd.DataFrame:
    """One row a phase: its part of the gain from the first boundary to the last.

    share and cumulative_share in percent, cumulative_gain in mIoU points, each with _low and _high.
    Only runs evaluated at *every* boundary count (n), so that the parts add up to the whole. A
    share has no interval where the interval of the whole gain reaches zero.
    """
    bounds = check_budgets(boundaries)
    panel = balanced(curves, bounds)
    whole = panel[bounds[-1]] - panel[bounds[0]]
    rows = []
    for start, end in pairwise(bounds):
        part = ratio_interval(100 * (panel[end] - panel[start]), whole)
        so_far = ratio_interval(100 * (panel[end] - panel[bounds[0]]), whole)
        gain = mean_interval(panel[end] - panel[bounds[0]])
        rows.append(
            {
                "start": start,
                "end": end,
                "n": part.n,
                "share": part.value,
                "share_low": part.low,
                "share_high": part.high,
                "cumulative_gain": gain.value,
                "cumulative_gain_low": gain.low,
                "cumulative_gain_high": gain.high,
                "cumulative_share": so_far.value,
                "cumulative_share_low": so_far.low,
                "cumulative_share_high": so_far.high,
            }
        )
    return pd.DataFrame(rows)


def balanced(curves: pd.DataFrame, boundaries: Sequence[int]) -> pd.DataFrame:
    """mIoU at the boundaries, one row a configuration, from runs evaluated at all of them."""
    wide = run_levels(curves).reindex(columns=list(boundaries)).dropna()
    return wide.groupby(level=CONFIGURATION).mean()
