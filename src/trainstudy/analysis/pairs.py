"""Gains between two budgets, paired: only configurations present at both ends count."""

from dataclasses import dataclass

import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION, at, check_budgets, run_levels


@dataclass(frozen=True)
class Gains:
    """Paired gains of one phase.

    table: strategy, dataset, model, runs, at_start, at_end, gain (mIoU points); a gain is the mean
    over the runs that were evaluated at both ends.
    left_out: strategy, dataset, model, reason.
    """

    start: int
    end: int
    table: pd.DataFrame
    left_out: pd.DataFrame


def gains(curves: pd.DataFrame, start: int, end: int, split: str | None = None) -> Gains:
    """mIoU at `end` minus mIoU at `start`, for every configuration evaluated at both.

    Both ends belong to the same run, so replicates that cover only one end cannot shift a gain.
    Raises ValueError unless 0 < start < end.
    """
    check_budgets([start, end])
    runs = run_levels(curves, split)
    ends = pd.DataFrame({"at_start": at(runs, start), "at_end": at(runs, end)}, index=runs.index)
    ends["gain"] = ends["at_end"] - ends["at_start"]
    paired = ends.dropna().groupby(level=CONFIGURATION)
    table = paired.mean()
    table.insert(0, "runs", paired.size())
    wide = runs.groupby(level=CONFIGURATION).mean()
    unpaired = wide[~wide.index.isin(table.index)]
    missing = pd.DataFrame(
        {"start": at(unpaired, start).isna(), "end": at(unpaired, end).isna()}, index=unpaired.index
    )
    left_out = missing.index.to_frame(index=False)
    left_out["reason"] = [
        _reason(start if no_start else None, end if no_end else None)
        for no_start, no_end in missing.itertuples(index=False)
    ]
    return Gains(start, end, table.reset_index(), left_out)


def _reason(start: int | None, end: int | None) -> str:
    absent = [f"{iteration:,}" for iteration in (start, end) if iteration is not None]
    if not absent:
        return "no single run was evaluated at both ends"
    return f"no result at {' nor at '.join(absent)} iterations"
