"""Scores of every task while the network goes from one stage to the next."""

from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note

ROW = 1.6  # inches a task


def forgetting_curves(scores: pd.DataFrame, metrics: dict[str, str]) -> Figure:
    """One panel a task: its score over the whole chain of one cell, mean and range over seeds.

    ``scores``: of one cell and split (see `analysis.multitask.scores`); ``metrics``: the metric of
    every task, in the order of the panels. Dotted lines where stages end, a tint where the task is
    trained.
    """
    figure, panels = _panels(scores, metrics)
    stages = scores.groupby(["stage", "stage_name", "trained"])["total"].max()
    start = 0
    for row in stages.reset_index().to_dict("records"):
        end, trained = row["total"], row["trained"].split("+")
        for task, axes in zip(metrics, panels, strict=True):
            axes.axvline(end, color=ink(), lw=0.8, ls=":", alpha=0.6)
            if task in trained:
                axes.axvspan(start, end, color=COLOURS[6], alpha=0.25, lw=0)
        panels[0].annotate(row["stage_name"], ((start + end) / 2, 1), ha="center", va="bottom",
                           xycoords=("data", "axes fraction"), fontsize=9)  # fmt: skip
        start = end
    for place, (task, axes) in enumerate(zip(metrics, panels, strict=True)):
        _curve(axes, scores[scores["task"] == task], COLOURS[place])
    return figure


def way_curves(scores: pd.DataFrame, cells: Sequence[str], metrics: dict[str, str]) -> Figure:
    """One panel a task, one colour a cell (joint, sequential ...): mean and range over seeds."""
    shown = scores[scores["cell"].isin(cells)]
    figure, panels = _panels(shown, metrics)
    for task, axes in zip(metrics, panels, strict=True):
        for place, cell in enumerate(cells):
            part = shown[(shown["cell"] == cell) & (shown["task"] == task)]
            _curve(axes, part, COLOURS[place % len(COLOURS)], cell)
    if len(shown):
        panels[0].legend(fontsize=9, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def _panels(scores: pd.DataFrame, metrics: dict[str, str]) -> tuple[Figure, list[Axes]]:
    figure, grid = plt.subplots(
        len(metrics), 1, figsize=(WIDTH, ROW * len(metrics) + 0.6), sharex=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    panels: list[Axes] = list(grid[:, 0])
    for (task, metric), axes in zip(metrics.items(), panels, strict=True):
        axes.set_ylabel(f"{task}\n{metric} (%)")
        axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
    panels[-1].set_xlabel("iterations since the start of the chain")
    if scores.empty:
        note(panels[0])
    return figure, panels


def _curve(axes: Axes, scores: pd.DataFrame, colour: str, label: str = "") -> None:
    spread = scores.groupby("total")["score"].agg(["mean", "min", "max"])
    axes.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.2, lw=0)
    axes.plot(spread.index, spread["mean"], color=colour, lw=1.4, marker="o", ms=3, label=label)
