"""Section 2: levels and peaks."""

from typing import Any

import pandas as pd

from trainstudy.book.show import Html, budget, table
from trainstudy.book.study import Study
from trainstudy.runs import aliases
from trainstudy.runs.curves import configuration


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its configurations' names in one column."""
    return frame.assign(configuration=configuration(frame))


def levels(frame: pd.DataFrame) -> Html:
    """mIoU of every configuration at the budgets."""
    budgets = [column for column in frame.columns if isinstance(column, int)]
    shown = named(frame)
    headings: dict[Any, str] = {
        "configuration": "Configuration",
        **{value: budget(value) for value in budgets},
    }
    return table(shown, headings, caption="mIoU in percent; a dash where nothing was evaluated.")


def peaks(frame: pd.DataFrame) -> Html:
    """Peak, its place, and how much of both is noise."""
    headings: dict[Any, str] = {
        "configuration": "Configuration",
        "peak": "Peak mIoU",
        "peak_iteration": "at",
        "within_noise_from": "As good within noise from",
        "within_noise": "Checkpoints as good",
        "peak_excess": "Excess of a maximum, at most",
        "noise_floor": "Noise of two checkpoints",
        "peak_iteration_sigma": "Place, standard deviation",
    }
    formats = {
        "peak_iteration": budget,
        "within_noise_from": budget,
        "peak_iteration_sigma": lambda value: f"{value:,.0f}",
    }
    split = ", ".join(sorted(frame["selected_on"].unique())) or "–"
    return table(frame, headings, formats, f"Peaks selected on: {split}.")


def reported_peaks(study: Study) -> pd.DataFrame:
    """Where the report places the peaks, by the names of these curves' configurations."""
    told = study.report.tables["performance"]
    mine = study.curves[["strategy", "dataset", "model"]].drop_duplicates()
    mine = mine.assign(family=mine["model"].map(aliases.family), configuration=configuration(mine))
    both = told.merge(mine, on=["strategy", "dataset", "family"])
    return both[["configuration", "peak_label"]].rename(columns={"peak_label": "label"})
