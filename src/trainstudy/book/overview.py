"""The front page's own words, built from the verdicts."""

from functools import partial

import pandas as pd

from trainstudy.analysis.marginal import shares
from trainstudy.book.claims import STATUSES
from trainstudy.book.show import budget, interval, percent, signed
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
    """How many claims there are and how they fared, what the curves rest on, and what they say of
    training on, from the first boundary and from the resume."""
    curves = study.curves
    configurations = curves.groupby(["strategy", "dataset", "model"]).ngroups
    plural = "" if configurations == 1 else "s"
    return [
        _standing(study.claims),
        f"Recomputed from {len(curves):,} evaluated checkpoints of {configurations} "
        f"configuration{plural}.",
        *filter(None, map(partial(_gain, study), dict.fromkeys((study.full_phases, study.phases)))),
    ]


def _gain(study: Study, phases: tuple[int, ...]) -> str:
    """What training on from the first to the last of these brings; empty where nothing can tell."""
    found = shares(study.curves, phases)
    last = found.iloc[-1]
    if not last["n"]:
        return ""
    known = found.iloc[:-1].dropna(subset="cumulative_share")
    parts = [
        f"{percent(share / 100)} of it by {budget(end)}"
        for end, share in zip(known["end"], known["cumulative_share"], strict=True)
    ]
    limits = interval(last["cumulative_gain_low"], last["cumulative_gain_high"], signed)
    text = (
        f"Trained on from {budget(phases[0])} to {budget(phases[-1])}: "
        f"{signed(last['cumulative_gain'])} mIoU points ({limits})"
    )
    return f"{', '.join([text, *parts])}."


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
