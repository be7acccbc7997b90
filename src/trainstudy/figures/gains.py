"""What each phase of training brings, beside what the report says and what noise would give."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def phase_gains(gains: pd.DataFrame, reported: Mapping[tuple[int, int], float]) -> Figure:
    """Mean gain of every phase with its interval; the noise floor as a band, the report as crosses.

    ``gains``: start, end, mean_gain, low, high, noise_floor (mIoU points), n; ``reported`` by
    (start, end).
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    places = np.arange(len(gains))
    axes.bar(places, gains["noise_floor"].fillna(0), width=0.9, color=COLOURS[6], alpha=0.35,
             label="noise floor of the mean")  # fmt: skip
    error = [gains["mean_gain"] - gains["low"], gains["high"] - gains["mean_gain"]]
    axes.errorbar(places, gains["mean_gain"], yerr=error, fmt="o", capsize=5,
                  color=COLOURS[0], label="recomputed, 95 % interval")  # fmt: skip
    known = [
        (place, reported.get(phase)) for place, phase in zip(places, _phases(gains), strict=True)
    ]
    known = [(place, value) for place, value in known if value is not None]
    if known:
        axes.plot(*zip(*known, strict=True), "x", ms=10, mew=2, color=COLOURS[5], label="reported")
    axes.axhline(0, color=ink(), lw=0.8)
    axes.set_xticks(places, [
        f"{thousands(start)}→{thousands(end)}\nn = {n}"
        for (start, end), n in zip(_phases(gains), gains["n"], strict=True)
    ])  # fmt: skip
    axes.set_ylabel("mean gain (mIoU points)")
    axes.legend(fontsize=9)
    if gains["mean_gain"].isna().all():
        note(axes)
    return figure


def gains_by_configuration(gains: pd.DataFrame, reported: pd.DataFrame | None = None) -> Figure:
    """One panel a phase, one row a configuration: dots recomputed, with noise, crosses reported.

    Both frames: configuration, start, end, gain; ``gains`` also noise_floor (mIoU points).
    """
    phases = list(dict.fromkeys(_phases(gains)))
    names = list(dict.fromkeys(gains["configuration"]))[::-1]
    figure, panels = plt.subplots(
        *(1, max(1, len(phases))), figsize=(WIDTH + 2, 0.24 * len(names) + 1.4), sharey=True,
        squeeze=False, layout="constrained",
    )  # fmt: skip
    if gains.empty:
        note(panels[0, 0])
        return figure
    rank = {name: place for place, name in enumerate(names)}
    for axes, (start, end) in zip(panels[0], phases, strict=True):
        part = gains[(gains["start"] == start) & (gains["end"] == end)]
        places = part["configuration"].map(rank)
        axes.errorbar(part["gain"], places, xerr=part["noise_floor"].fillna(0), fmt="o", ms=4,
                      lw=1, color=COLOURS[0], label="recomputed, noise")  # fmt: skip
        if reported is not None:
            told = reported[(reported["start"] == start) & (reported["end"] == end)]
            told = told[told["configuration"].isin(rank)]
            if len(told):
                axes.plot(told["gain"], told["configuration"].map(rank), "x", ms=6, mew=1.5,
                          color=COLOURS[5], label="reported")  # fmt: skip
        axes.axvline(0, color=ink(), lw=0.8)
        axes.set_title(f"{thousands(start)}→{thousands(end)}")
    panels[0, 0].set_yticks(range(len(names)), names, fontsize=7)
    figure.supxlabel("gain (mIoU points)", fontsize=10)
    shown: dict[str, Artist] = {}
    for axes in panels[0]:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            shown[str(label)] = handle
    figure.legend(
        list(shown.values()), list(shown), ncols=2, loc="outside upper center", fontsize=9
    )
    return figure


def _phases(gains: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(start), int(end)) for start, end in zip(gains["start"], gains["end"], strict=True)]
