"""Section 1: gains and shares of the phases."""

from typing import Any

import pandas as pd

from trainstudy.book import show
from trainstudy.book.show import Html, budget, interval, percent, signed, table
from trainstudy.reports import Report

Phase = tuple[int, int]


def reported_gains(report: Report) -> dict[Phase, float]:
    """The report's mean gain of each of its phases, its baseline with the zero it is given."""
    rows = report.tables["marginal_gains"]
    gains = rows["mean_gain"].fillna(rows["cumulative_gain"])
    return {
        (int(start), int(end)): float(gain)
        for start, end, gain in zip(rows["start"], rows["end"], gains, strict=True)
    }


def phase_gains(gains: pd.DataFrame, report: Report) -> Html:
    """Reported and recomputed gain of every phase with interval, noise floor and pairs."""
    told = reported_gains(report)
    shown = gains.assign(
        phase=_phase(gains),
        reported=[told.get(bounds, float("nan")) for bounds in _bounds(gains)],
        interval=[interval(*row) for row in zip(gains["low"], gains["high"], strict=True)],
    )
    headings = {
        "phase": "Phase",
        "reported": "Reported",
        "mean_gain": "Recomputed",
        "interval": "95 % interval",
        "noise_floor": "Noise floor",
        "smallest_resolvable": "Smallest resolvable",
        "gain_per_10k": "Per 10k iterations",
        "n": "Pairs",
        "left_out": "Left out",
    }
    formats = {
        "reported": signed,
        "mean_gain": signed,
        "gain_per_10k": lambda value: signed(value, 3),
    }
    return table(shown, headings, formats, "Gains in mIoU points, means over configurations.")


def largest_phase(gains: pd.DataFrame) -> list[str]:
    """Which phase brings most, in all and for its length; nothing where none can be compared."""
    known = gains.dropna(subset=["mean_gain"])
    if len(known) < 2:
        return ["Fewer than two phases have a configuration evaluated at both of their ends."]
    lines = []
    for column, words in (
        ("mean_gain", "brings the most"),
        ("gain_per_10k", "brings the most per iteration"),
    ):
        best = known.sort_values(column).iloc[-1]
        unit = "mIoU points" if column == "mean_gain" else "mIoU points per 10k iterations"
        lines.append(
            f"The phase {budget(best['start'])} to {budget(best['end'])} {words}: "
            f"{signed(best[column])} {unit} over {int(best['n'])} pairs."
        )
    below = known[known["mean_gain"].abs() < known["noise_floor"]]
    lines += [
        f"The gain of {budget(row.start)} to {budget(row.end)} is below its noise floor."
        for row in below.itertuples()
    ]
    return lines


def phase_shares(shares: pd.DataFrame) -> Html:
    """Share and cumulative share of the whole gain, each with its interval."""
    rows: list[Any] = shares.to_dict("records")
    shown = shares.assign(
        phase=_phase(shares),
        share_interval=[_share_interval(row, "share") for row in rows],
        cumulative_interval=[_share_interval(row, "cumulative_share") for row in rows],
    )
    headings = {
        "phase": "Phase",
        "share": "Share",
        "share_interval": "95 % interval",
        "cumulative_gain": "Cumulative gain",
        "cumulative_share": "Cumulative share",
        "cumulative_interval": "95 % interval ",
        "n": "Configurations",
    }
    formats = {
        "share": _share,
        "cumulative_share": _share,
        "cumulative_gain": signed,
    }
    start = budget(shares["start"].iloc[0])
    return table(shown, headings, formats, f"Shares of the gain since {start}.")


def _share(value: float) -> str:
    return percent(value / 100)


def _share_interval(row: dict[str, float], name: str) -> str:
    return interval(row[f"{name}_low"], row[f"{name}_high"], _share)


def _bounds(frame: pd.DataFrame) -> list[Phase]:
    return [(int(start), int(end)) for start, end in zip(frame["start"], frame["end"], strict=True)]


def _phase(frame: pd.DataFrame) -> list[str]:
    return [f"{show.budget(start)} → {show.budget(end)}" for start, end in _bounds(frame)]
