"""Section 3: patterns, and differences between groups."""

from itertools import combinations

import pandas as pd

from trainstudy.analysis.comparisons import paired_difference, with_error
from trainstudy.analysis.configurations import add_family
from trainstudy.analysis.noise import between_checkpoints
from trainstudy.analysis.pairs import gains
from trainstudy.book.show import Html, budget, interval, signed, table
from trainstudy.book.study import Study


def pattern_bounds(study: Study) -> tuple[tuple[int, int, int], int]:
    """Start, beginning of the last phase and end, and the middle before which one is fast.

    A single phase has no last one: its second half stands for it, from the evaluated iteration
    nearest to the middle.
    """
    start, *between, end = study.phases
    middle = (start + end) // 2
    if not between:
        inside = study.curves["iteration"][study.curves["iteration"].between(start + 1, end - 1)]
        between = [min(inside, key=lambda iteration: abs(iteration - middle), default=start + 1)]
    return (start, int(between[-1]), max(end, start + 2)), middle


def patterns(frame: pd.DataFrame) -> Html:
    """The pattern of every configuration and what it rests on."""
    columns = (frame[name] for name in ("last_gain", "last_gain_low", "last_gain_high"))
    shown = frame.assign(
        last=[_last(gain, low, high) for gain, low, high in zip(*columns, strict=True)]
    )
    headings = {
        "configuration": "Configuration",
        "pattern": "Pattern",
        "saturated_at": "Final level reached at",
        "total_gain": "Gain in all",
        "last": "Gain of the last phase (95 %)",
        "noise_floor": "Noise floor",
    }
    return table(shown, headings, {"saturated_at": budget, "total_gain": signed})


def pattern_counts(frame: pd.DataFrame) -> Html:
    """How many configurations of each data set and model follow which pattern."""
    counts = (
        add_family(frame).groupby(["dataset", "family", "pattern"]).size().unstack(fill_value=0)
    ).reset_index()
    names = [name for name in counts.columns if name not in ("dataset", "family")]
    headings = {"dataset": "Data set", "family": "Model", **{name: name for name in names}}
    return table(counts, headings, sortable=False)


def differences(study: Study) -> Html:
    """Whole gain compared between models and between data sets, in pairs that share the rest."""
    start, end = study.phases[0], study.phases[-1]
    noise = between_checkpoints(study.curves, (start, end), study.breaks)
    values = with_error(gains(study.curves, start, end).table, noise)
    rows = []
    for factor in ("family", "dataset"):
        for a, b in combinations(sorted(add_family(values)[factor].unique()), 2):
            found = paired_difference(values, "gain", factor, a, b)
            if not len(found.pairs):
                continue
            rows.append(
                {
                    "comparison": f"{a} − {b}",
                    "difference": found.interval.value,
                    "interval": interval(found.interval.low, found.interval.high),
                    "noise_floor": found.noise_floor,
                    "pairs": len(found.pairs),
                }
            )
    headings = {
        "comparison": "Comparison",
        "difference": "Difference in gain",
        "interval": "95 % interval",
        "noise_floor": "Noise floor",
        "pairs": "Pairs",
    }
    shown = pd.DataFrame(rows, columns=list(headings))
    caption = f"Gain from {budget(start)} to {budget(end)}, mIoU points."
    return table(shown, headings, {"difference": signed}, caption)


def _last(gain: float, low: float, high: float) -> str:
    return "–" if pd.isna(gain) else f"{signed(gain)} ({interval(low, high)})"
