"""Every claim of the report on training strategies: by its own figures, and by runs of ours."""

import pandas as pd

from trainstudy.analysis.claims import verdicts
from trainstudy.analysis.multitask.rules import FROM_RUNS, RULES
from trainstudy.analysis.multitask.scores import validate
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.reports import Report

REPRODUCED = {
    "recomputed": "reproduced", "low": "reproduced_low", "high": "reproduced_high", "n": "seeds",
}  # fmt: skip


def check_scores(report: Report, scores: pd.DataFrame, split: str = "test") -> pd.DataFrame:
    """One row a claim as `analysis.claims.check_all`, with the columns of `analysis.reproduce`.

    What follows from the report's own figures is `recomputed`; what our runs give is `reproduced`,
    with its interval over seeds. Claims about cells that were not trained are 'not checkable'.
    """
    found = verdicts(report, Trials(validate(scores), report, split), RULES)
    ours = found["rule"].isin(FROM_RUNS)
    for column, name in REPRODUCED.items():
        found[name] = found[column].where(ours).astype("float64")
        found[column] = found[column].mask(ours, 0 if column == "n" else float("nan"))
    return found
