"""Where the best checkpoint lies, and how far around it the curve is as good within noise."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def peak_places(peaks: pd.DataFrame, reported: pd.DataFrame | None, end: int | None) -> Figure:
    """One row a configuration: from the first checkpoint within noise of the peak to the peak.

    ``peaks``: configuration, peak_iteration, within_noise_from; ``reported``: configuration, label
    (iterations as the report labels them); ``end``: the last budget, as a line.
    """
    if peaks.empty:
        figure, axes = plt.subplots(figsize=(WIDTH, 1.4))
        note(axes)
        return figure
    peaks = peaks.sort_values("peak_iteration", ascending=False, ignore_index=True)
    rank = {name: place for place, name in enumerate(peaks["configuration"])}
    figure, axes = plt.subplots(figsize=(WIDTH, 0.26 * len(peaks) + 1.4))
    axes.hlines(peaks.index, peaks["within_noise_from"], peaks["peak_iteration"], lw=5, alpha=0.3,
                color=COLOURS[0], label="within noise of the peak")  # fmt: skip
    axes.plot(peaks["peak_iteration"], peaks.index, "o", color=COLOURS[0], label="peak, recomputed")
    if reported is not None and len(reported):
        told = reported[reported["configuration"].isin(rank)]
        axes.plot(told["label"], told["configuration"].map(rank), "x", mew=2, color=COLOURS[5],
                  label="peak, as the report labels it")  # fmt: skip
    if end is not None:
        axes.axvline(end, color=ink(), lw=1, ls="--", label="last budget")
    axes.set_yticks(peaks.index, peaks["configuration"], fontsize=7)
    axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
    axes.set_xlabel("iterations")
    axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.3, 1.0), fontsize=9)
    return figure
