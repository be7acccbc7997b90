"""Which budgets to compare where nobody named them."""

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import one_split
from trainstudy.analysis.marginal import REPORT_PHASES


def suggest_phases(curves: pd.DataFrame, count: int = 4) -> tuple[int, ...]:
    """Budgets that bound the phases of a study: the report's where they fit, else spread ones.

    The report's fit where at least one configuration was evaluated at all of them. Otherwise:
    the iterations at which the most configurations were evaluated, ``count`` of them evenly
    spread from the first to the last. Raises ValueError where there are fewer than two.
    """
    evaluated = one_split(curves).groupby(["strategy", "dataset", "model"])["iteration"].agg(set)
    if any(set(REPORT_PHASES) <= iterations for iterations in evaluated):
        return REPORT_PHASES
    shared = evaluated.explode().value_counts()
    common = sorted(int(iteration) for iteration in shared.index[shared == shared.max()])
    if len(common) < 2:
        raise ValueError(
            f"these runs were evaluated at {len(common)} common iteration(s); two are needed to "
            "compare budgets. Name them with the parameter 'phases'"
        )
    chosen = np.linspace(0, len(common) - 1, min(count, len(common))).round().astype(int)
    return tuple(common[place] for place in chosen)
