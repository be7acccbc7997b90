"""Which budgets to compare where nobody named them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION, RUN, one_split
from trainstudy.analysis.marginal import REPORT_PHASES


def suggest_phases(curves: pd.DataFrame, count: int = 4) -> tuple[int, ...]:
    """Budgets that bound the phases of a study: the report's where they fit, else spread ones.

    The report's fit where at least one run was evaluated at all of them. Otherwise: of the
    iterations at which the most configurations were evaluated, those of the run that has most of
    them (a gain needs both its ends from one run), ``count`` of them evenly spread from the first
    to the last. Raises ValueError where there are fewer than two.
    """
    rows = one_split(curves)
    runs = rows.groupby(RUN)["iteration"].agg(set)
    if any(set(REPORT_PHASES) <= seen for seen in runs):
        return REPORT_PHASES
    shared = rows.drop_duplicates([*CONFIGURATION, "iteration"])["iteration"].value_counts()
    most = set(shared.index[shared == shared.max()])
    common = sorted(max((seen & most for seen in runs), key=len, default=set()))
    if len(common) < 2:
        raise ValueError(
            f"these runs were evaluated at {len(common)} common iteration(s); two are needed to "
            "compare budgets. Name them with the parameter 'phases'"
        )
    chosen = np.linspace(0, len(common) - 1, min(count, len(common))).round().astype(int)
    return tuple(int(common[place]) for place in chosen)


def check_phases(curves: pd.DataFrame, phases: Sequence[int]) -> tuple[int, ...]:
    """The phases, when at least one run was evaluated at two of them.

    Raises ValueError telling where the runs were evaluated.
    """
    rows = one_split(curves)
    at = rows[rows["iteration"].isin(phases)].groupby(RUN)["iteration"].nunique()
    if not (at >= 2).any():
        known = ", ".join(
            f"{iteration:,}" for iteration in sorted(rows["iteration"].unique())[-12:]
        )
        asked = ", ".join(f"{iteration:,}" for iteration in phases)
        raise ValueError(f"no run was evaluated at two of {asked}; the last evaluations: {known}")
    return tuple(phases)
