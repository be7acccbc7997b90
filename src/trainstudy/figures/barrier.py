"""Scores of the networks on the straight line between two trainings."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, ink, note

ROW = 1.6  # inches a task


def barrier_paths(paths: pd.DataFrame, metrics: dict[str, str]) -> Figure:
    """One panel a task: its score along the path between two cells, every seed and their mean.

    ``paths``: of one pair of cells (see `analysis.multitask.barrier`); ``metrics``: the metric of
    every task, in the order of the panels. Dotted: the straight line between the ends of the mean,
    which is over the points that all seeds have.
    """
    figure, grid = plt.subplots(
        len(metrics), 1, figsize=(WIDTH, ROW * len(metrics) + 0.6), sharex=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    panels = grid[:, 0]
    for place, (axes, (task, metric)) in enumerate(zip(panels, metrics.items(), strict=True)):
        axes.set_ylabel(f"{task}\n{metric} (%)")
        seeds = paths[paths["task"] == task].pivot(index="share", columns="seed", values="score")
        colour = COLOURS[place % len(COLOURS)]
        for seed in seeds:
            path = seeds[seed].dropna()
            axes.plot(path.index, path, color=colour, lw=0.8, alpha=0.5)
        mean = seeds.dropna().mean(axis=1)
        if len(mean):
            axes.plot([0, 1], mean.iloc[[0, -1]], color=ink(), lw=0.8, ls=":", alpha=0.6)
            axes.plot(mean.index, mean, color=colour, lw=1.4, marker="o", ms=3)
    panels[-1].set_xlabel("share of the way from the one network to the other")
    if paths.empty:
        note(panels[0])
        return figure
    for share, column, side in ((0, "one", "left"), (1, "other", "right")):
        panels[0].annotate(paths[column].iloc[0], (share, 1), ha=side, va="bottom", fontsize=9,
                           xycoords=("data", "axes fraction"))  # fmt: skip
    return figure
