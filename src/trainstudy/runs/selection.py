"""Which validation of a run is chosen: the best one, or the best before patience ran out.

Both look at validation alone; what the chosen checkpoint is worth, test images say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def best(rows: Rows, measure: str) -> int:
    """The iteration of the highest ``measure``, of equal ones the first.

    ``rows``: the validations of a run in order. Raises ValueError where there is none.
    """
    if not rows:
        raise ValueError(f"no validation to choose the best {measure!r} from")
    return int(max(rows, key=lambda row: (row[measure], -row["iteration"]))["iteration"])


def early(rows: Rows, measure: str, patience: int) -> int:
    """The iteration whose checkpoint early stopping would return: the best one up to the first
    ``patience`` validations in a row that are no better (Prechelt 1998).

    Raises ValueError where there is no validation, or for a patience below 1.
    """
    if patience < 1:
        raise ValueError(f"patience must be at least 1, got {patience}")
    seen = 0
    for place in range(len(rows)):
        seen = 0 if best(rows[: place + 1], measure) == rows[place]["iteration"] else seen + 1
        if seen == patience:
            return best(rows[: place + 1], measure)
    return best(rows, measure)
