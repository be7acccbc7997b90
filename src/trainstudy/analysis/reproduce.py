"""The report's claims checked on runs of our own, scaled to the report's base.

Only claims about training longer in general can be: what is said of one strategy, data set or model
of the report is not about other ones.
"""

import numpy as np
import pandas as pd

from trainstudy.analysis.arm_gains import t_interval, t_ratio
from trainstudy.analysis.claims import check
from trainstudy.analysis.rules.gains import phase_gain, relative_gain, share_of_total
from trainstudy.analysis.verdict import Case
from trainstudy.reports import Claim, Report
from trainstudy.runs.curves import validate

RULES = {rule.__name__ for rule in (phase_gain, relative_gain, share_of_total)}
SCOPE = {"strategy", "dataset", "family"}
COLUMNS = ["id", "reproduced", "reproduced_low", "reproduced_high", "seeds"]


def reproduced(report: Report, curves: pd.DataFrame) -> pd.DataFrame:
    """One row a claim that our runs bear on: id, the figure they give, its interval, seeds.

    ``curves``: iterations in the report's terms, every seed a configuration of its own, so that
    intervals are over seeds, by Student's t. In the claim's unit. A figure without an interval is
    left out: with a denominator near zero a share says nothing.
    """
    case = Case(validate(curves), report, mean=t_interval, ratio=t_ratio)
    rows = []
    for claim in report.claims:
        if not _general(claim):
            continue
        found = check(claim, case)
        if not np.isnan([found.recomputed, found.low, found.high]).any():
            rows.append((claim.id, found.recomputed, found.low, found.high, found.n))
    # with types: a section of the report that nothing bears on gives an empty table
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS[1:], float))


def _general(claim: Claim) -> bool:
    return claim.rule in RULES and not SCOPE & claim.arguments.keys()
