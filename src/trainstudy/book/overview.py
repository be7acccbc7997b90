"""The front page's own words, built from the verdicts."""

import pandas as pd

from trainstudy.book.claims import STATUSES
from trainstudy.book.study import ExtendedTraining, Study
from trainstudy.book.task_study import MINIS, TaskStudy

SECTIONS = {
    "0": "Summary",
    "1": "1 Diminishing returns",
    "2": "2 Performance",
    "3": "3 Patterns",
    "4": "4 Configurations",
    "5": "5 Recommendations",
    "6": "6 Technical details",
}


class FrontPage(ExtendedTraining):
    """``task_runs``: a folder with a ``study.json`` of chains, or a ``runs_root`` of trainings."""

    task_runs: str = MINIS


def headline(study: Study) -> list[str]:
    """How many claims there are and how they fared, and what the curves rest on."""
    curves = study.curves
    configurations = curves.groupby(["strategy", "dataset", "model"]).ngroups
    plural = "" if configurations == 1 else "s"
    return [
        _standing(study.claims),
        f"Recomputed from {len(curves):,} evaluated checkpoints of {configurations} "
        f"configuration{plural}.",
    ]


def strategy_headline(claims: pd.DataFrame, study: TaskStudy) -> list[str]:
    """The same of the report on training strategies, and what was trained to check it."""
    runs = {run for chain in study.chains for _, run in chain.stages}
    seeds = {chain.seed for chain in study.chains}
    plural = "" if len(seeds) == 1 else "s"
    trained = f"{len(runs):,} trainings of {len(study.cells)} kinds with {len(seeds)} seed{plural}"
    told = f"{trained}, on drawn scenes: these reproduce no claim" if study.drawn else (
        f"Reproduced with {trained}"
    )  # fmt: skip
    return [_standing(claims), f"{told}."]


def _standing(claims: pd.DataFrame) -> str:
    found = claims["status"].value_counts()
    parts = [f"{found[status]} {status}" for status in STATUSES if status in found]
    return f"Of {len(claims)} statements, {', '.join(parts)}."
