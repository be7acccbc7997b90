"""How far the gradients of two tasks point in one direction while a network is trained."""

from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def cosine_curves(cosines: pd.DataFrame, cells: Sequence[str]) -> Figure:
    """A panel a cell, a line a pair of tasks: mean and range over seeds, a dotted line at 0.

    ``cosines``: cell, seed, total, pair, cosine (see `runs.chains.cosines`). Cells that were not
    measured have no panel.
    """
    shown = [cell for cell in cells if (cosines["cell"] == cell).any()]
    pairs = list(dict.fromkeys(cosines["pair"]))
    count = max(1, len(shown))
    figure, grid = plt.subplots(
        count, 1, figsize=(WIDTH, 2.2 * count + 0.6), squeeze=False, layout="constrained"
    )
    for cell, axes in zip(shown, grid[:, 0], strict=False):
        part = cosines[cosines["cell"] == cell]
        for pair, rows in part.groupby("pair", sort=False):
            colour = COLOURS[pairs.index(pair) % len(COLOURS)]
            spread = rows.groupby("total")["cosine"].agg(["mean", "min", "max"])
            axes.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.2,
                              lw=0)  # fmt: skip
            axes.plot(spread.index, spread["mean"], color=colour, lw=1.4, marker="o", ms=3,
                      label=pair)  # fmt: skip
        axes.annotate(cell, (0, 1), xycoords="axes fraction", xytext=(4, -3), va="top",
                      textcoords="offset points", fontsize=9)  # fmt: skip
    for axes in grid[:, 0]:
        axes.axhline(0, color=ink(), lw=0.8, ls=":")
        axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
        axes.set_ylabel("cosine")
    grid[-1, 0].set_xlabel("iterations since the start of the chain")
    if not shown:
        note(grid[0, 0])
        return figure
    most = max(grid[:, 0], key=lambda axes: len(axes.get_legend_handles_labels()[1]))
    figure.legend(
        *most.get_legend_handles_labels(), fontsize=9, ncols=3, loc="outside upper center"
    )
    return figure
