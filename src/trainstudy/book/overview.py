"""The front page's own words, built from the verdicts."""

from trainstudy.book.claims import STATUSES
from trainstudy.book.study import Study

SECTIONS = {
    "0": "Summary",
    "1": "1 Diminishing returns",
    "2": "2 Performance",
    "3": "3 Patterns",
    "4": "4 Configurations",
    "5": "5 Recommendations",
    "6": "6 Technical details",
}


def headline(study: Study) -> list[str]:
    """How many claims there are and how they fared, and what the curves rest on."""
    found = study.claims["status"].value_counts()
    parts = [f"{found[status]} {status}" for status in STATUSES if status in found]
    curves = study.curves
    configurations = curves.groupby(["strategy", "dataset", "model"]).ngroups
    plural = "" if configurations == 1 else "s"
    return [
        f"Of {len(study.claims)} checkable statements, {', '.join(parts)}.",
        f"Recomputed from {len(curves):,} evaluated checkpoints of {configurations} "
        f"configuration{plural}.",
    ]
