"""Which validation of a run is chosen: the best one, or the best before patience ran out.

Both look at validation alone; what the chosen checkpoint is worth, test images say.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

Rows = Sequence[Mapping[str, Any]]
MEAN = "mean"  # of several measures
PATIENCE = 3  # validations without a better mean, after which a training of several tasks may stop


def best(rows: Rows, measure: str) -> int:
    """The iteration of the highest ``measure``, of equal ones the first.

    ``rows``: the validations of a run in order. Raises ValueError where there is none.
    """
    if not rows:
        raise ValueError(f"no validation to choose the best {measure!r} from")
    return int(max(rows, key=lambda row: (row[measure], -row["iteration"]))["iteration"])


def early(rows: Rows, measure: str, patience: int) -> int:
    """The iteration whose checkpoint early stopping would return; see :func:`stop`."""
    return stop(rows, measure, patience)[0]


def stop(rows: Rows, measure: str, patience: int) -> tuple[int, int]:
    """The iteration of the best validation up to the first ``patience`` of them in a row that are
    no better, and that of the last of these: where the training would have ended (Prechelt 1998).

    Raises ValueError where there is no validation, or for a patience below 1.
    """
    if patience < 1:
        raise ValueError(f"patience must be at least 1, got {patience}")
    seen, place = 0, -1
    for place in range(len(rows)):
        seen = 0 if best(rows[: place + 1], measure) == rows[place]["iteration"] else seen + 1
        if seen == patience:
            break
    chosen = best(rows[: place + 1], measure)
    return chosen, int(rows[place]["iteration"])


def with_mean(rows: Rows, measures: Sequence[str]) -> Rows:
    """The validations with ``MEAN``, the mean of several measures: one network has one stop."""
    return [{**row, MEAN: fmean(row[measure] for measure in measures)} for row in rows]


def chosen(rows: Rows, measures: Sequence[str]) -> set[int]:
    """The iterations that selection may ask for: the best one by each measure, and the one that
    early stopping by their mean returns."""
    stopped = early(with_mean(rows, measures), MEAN, PATIENCE)
    return {stopped, *(best(rows, measure) for measure in measures)}
