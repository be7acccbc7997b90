"""Many changes against one way of training: what is left of a difference once all of them count.

Of many changes that are none some look like a gain, and all look like one where the trainings that
they share as their reference ended low by chance. Source: Dunnett 1955, "A multiple comparison
procedure for comparing several treatments with a control", as scipy has it: two-sided, the variance
between seeds pooled over all cells, seeds not paired.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from trainstudy.analysis.multitask.reference import relative

LEVEL = 0.05
DUNNETT = ["p", "half"]


def dunnett(table: pd.DataFrame, cells: Sequence[str], than: str) -> pd.DataFrame:
    """By cell: p, of its mean relative difference to ``than`` among those of all ``cells``, and
    half, half the width of the simultaneous 95 % interval, percent.

    ``table``: of `transfer.by_task`. Left out are cells with fewer than two seeds, or without a
    task that ``than`` trains; all of them where ``than`` has one seed.
    """
    tasks = set(table.loc[table["cell"] == than, "task"])
    samples = {
        cell: relative(table, cell, than)[cell].dropna()
        for cell in sorted(set(cells) - {than})
        if tasks and set(table.loc[table["cell"] == cell, "task"]) >= tasks
    }
    samples = {cell: sample for cell, sample in samples.items() if len(sample) > 1}
    control = relative(table, than, than)[than].dropna() if tasks else pd.Series(dtype="float64")
    if not samples or len(control) < 2:
        return pd.DataFrame(columns=DUNNETT, dtype="float64")
    means = pd.Series({cell: sample.mean() - control.mean() for cell, sample in samples.items()})
    spread = max(sample.std() for sample in (control, *samples.values()))
    if spread <= np.finfo(float).eps * max(1.0, control.abs().max()):
        # seeds that agree to the last digit, which the test would divide by
        return pd.DataFrame({"p": (means.abs() <= spread).astype(float), "half": 0.0})
    # the integral behind p is drawn at random; from one seed it is the same at every reading
    found = stats.dunnett(*samples.values(), control=control, rng=np.random.default_rng(0))
    high = found.confidence_interval().high
    return pd.DataFrame({"p": found.pvalue, "half": high - means.to_numpy()}, index=means.index)


def changes(table: pd.DataFrame, than: str) -> list[str]:
    """The cells that change ``than`` in something, which their names say after its own."""
    return [cell for cell in dict.fromkeys(table["cell"]) if cell.startswith(f"{than} ")]
