"""Budgets and cost-benefit derived from the gains: section 5 of the report.

These describe runs extended at the floor of the learning rate. They do not tell what a training
planned for that budget from its first iteration would reach.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import check_budgets
from trainstudy.analysis.intervals import mean_interval
from trainstudy.analysis.marginal import REPORT_PHASES, balanced, shares


def recommended_budgets(
    curves: pd.DataFrame,
    targets: Sequence[float] = (75.0, 92.0),
    budgets: Sequence[int] = REPORT_PHASES,
) -> pd.DataFrame:
    """The smallest budget that reaches each target share (percent) of the gain between the ends.

    target_share; budget by the estimate; budget_at_best and budget_at_worst by the upper and lower
    end of the share's interval (NA where no budget, or no interval, reaches it); share, low, high
    at `budget`; compute_percent of the largest budget; n. Budgets are compared from the first one.
    Where there is no gain in all there is no budget for a share of it.
    """
    bounds = check_budgets(budgets)
    table = shares(curves, bounds).set_index("end")
    if not table["cumulative_gain"].iloc[-1] > 0:
        table[table.columns.difference(["start", "n"])] = np.nan
    rows = []
    for target in targets:
        budget = _first(table["cumulative_share"], target)
        here = table.iloc[-1] * np.nan if budget is None else table.loc[budget]
        rows.append(
            {
                "target_share": target,
                "budget": budget,
                "budget_at_best": _first(table["cumulative_share_high"], target),
                "budget_at_worst": _first(table["cumulative_share_low"], target),
                "share": here["cumulative_share"],
                "low": here["cumulative_share_low"],
                "high": here["cumulative_share_high"],
                "compute_percent": np.nan if budget is None else 100 * budget / bounds[-1],
                "n": table["n"].iloc[-1],
            }
        )
    whole = ["budget", "budget_at_best", "budget_at_worst"]
    return pd.DataFrame(rows).astype(dict.fromkeys(whole, "Int64"))


def cost_benefit(
    curves: pd.DataFrame,
    base: int = 80_000,
    budgets: Sequence[int] = REPORT_PHASES[1:],
    origin: int | None = None,
) -> pd.DataFrame:
    """What each budget costs, in multiples of `base`, and brings, in mIoU points since `origin`.

    budget, compute_multiple, n, gain with low and high, gain_per_base (for each further `base`
    iterations since origin), step_gain_per_base with low and high (since the budget before). Only
    configurations evaluated at the origin (default: base) and at every budget count.
    """
    first = base if origin is None else origin
    bounds = check_budgets([first, *budgets])
    panel = balanced(curves, bounds)
    rows = []
    for before, budget in pairwise(bounds):
        gain = mean_interval(panel[budget] - panel[first])
        step = mean_interval((panel[budget] - panel[before]) * base / (budget - before))
        rows.append(
            {
                "budget": budget,
                "compute_multiple": budget / base,
                "n": gain.n,
                "gain": gain.value,
                "low": gain.low,
                "high": gain.high,
                "gain_per_base": gain.value * base / (budget - first),
                "step_gain_per_base": step.value,
                "step_low": step.low,
                "step_high": step.high,
            }
        )
    return pd.DataFrame(rows)


def _first(cumulative: pd.Series, target: float) -> int | None:
    reached = cumulative.index[cumulative >= target]
    return int(reached[0]) if len(reached) else None
