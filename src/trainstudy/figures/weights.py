"""The weights that the losses of the tasks had."""

from collections.abc import Mapping

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def task_weights(weights: pd.DataFrame, reported: Mapping[str, float] | None = None) -> Figure:
    """Weight of every task over the iterations, mean and range over seeds; the report as crosses.

    ``weights``: seed, iteration, task, weight, without value where a method has none; ``reported``:
    the weight of a task that the report prints for its last epoch.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    known = weights.dropna(subset="weight")
    for place, (task, part) in enumerate(known.groupby("task", sort=False)):
        colour = COLOURS[place % len(COLOURS)]
        spread = part.groupby("iteration")["weight"].agg(["mean", "min", "max"])
        axes.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.2,
                          lw=0)  # fmt: skip
        axes.plot(spread.index, spread["mean"], color=colour, lw=1.4, label=task)
        if reported and task in reported:
            axes.plot(spread.index[-1], reported[str(task)], "x", ms=9, mew=2, color=colour,
                      label=f"{task}, reported")  # fmt: skip
    axes.axhline(1, color=ink(), lw=0.8, ls=":")
    axes.set_yscale("log")  # they are factors
    axes.yaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
    axes.set_xlabel("iterations")
    axes.set_ylabel("weight of the loss")
    if known.empty:
        note(axes)
    else:
        axes.legend(fontsize=9, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure
