"""What becomes of learned tasks right after the network begins to learn another one."""

from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, note

ROW = 1.7  # inches a panel
BEFORE = 0.5  # where the end of the stage before stands on an axis that has no 0


def transitions(since: pd.DataFrame, cells: Sequence[str], metrics: dict[str, str]) -> Figure:
    """A panel for each stage and earlier task, a colour a cell: scores over the logarithm of the
    iterations since the stage began, mean and range over seeds.

    ``since``: of `analysis.multitask.stability_gap.since_transitions`; ``metrics``: the metric of
    every task. The first point is the end of the stage before.
    """
    shown = since[since["cell"].isin(cells)]
    stages = shown[["stage", "stage_name"]].drop_duplicates().sort_values("stage", kind="stable")
    panels = [
        (name, task, part)
        for name in stages["stage_name"]
        for task in metrics
        if len(part := shown[(shown["stage_name"] == name) & (shown["task"] == task)])
    ]
    count = max(1, len(panels))
    figure, grid = plt.subplots(
        count, 1, figsize=(WIDTH, ROW * count + 0.8), sharex=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    if not panels:
        note(grid[0, 0])
        return figure
    for (name, task, part), axes in zip(panels, grid[:, 0], strict=True):
        for place, cell in enumerate(cells):
            _curve(axes, part[part["cell"] == cell], COLOURS[place % len(COLOURS)], cell)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
        axes.set_ylabel(f"{task}\n{metrics[task]} (%)")
        axes.annotate(f"in {name}", (1, 1), xycoords="axes fraction", fontsize=9, ha="right",
                      xytext=(0, 2), textcoords="offset points")  # fmt: skip
    last = grid[-1, 0]
    last.set_xscale("log", base=2)
    powers = [2**power for power in range(0, int(shown["since"].max()).bit_length(), 2)]
    last.set_xticks([BEFORE, *powers], ["before", *(thousands(power) for power in powers)])
    last.set_xlabel("iterations since the stage began")
    handles = grid[0, 0].get_legend_handles_labels()
    figure.legend(*handles, fontsize=9, ncols=2, loc="outside upper center")
    return figure


def _curve(axes: Axes, scores: pd.DataFrame, colour: str, label: str) -> None:
    spread = scores.groupby("since")["score"].agg(["mean", "min", "max"])
    x = spread.index.to_numpy(float).clip(BEFORE)
    axes.fill_between(x, spread["min"], spread["max"], color=colour, alpha=0.12, lw=0)
    axes.plot(x, spread["mean"], color=colour, lw=1.4, marker="o", ms=3, label=label)
