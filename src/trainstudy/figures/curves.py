"""The curves themselves: mIoU over iterations."""

from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, ink


def learning_curves(curves: pd.DataFrame, marks: Sequence[int] = ()) -> Figure:
    """One panel a data set, one line a configuration, coloured by model; ``marks`` as lines.

    ``curves``: strategy, dataset, model, run, iteration, mIoU (percent).
    """
    models = sorted(curves["model"].unique())
    columns = min(2, curves["dataset"].nunique())
    grid = sns.relplot(
        curves, x="iteration", y="mIoU", hue="model", hue_order=models, col="dataset",
        units="line", estimator=None, kind="line", col_wrap=columns,
        height=2.5, aspect=WIDTH / columns / 2.5, lw=1, alpha=0.8, legend=len(models) > 1,
        palette=[COLOURS[place % len(COLOURS)] for place in range(len(models))],
        facet_kws={"sharey": False},
    )  # fmt: skip
    for axes in grid.axes.flat:
        for mark in marks:
            axes.axvline(mark, color=ink(), lw=0.8, ls=":", alpha=0.7)
        axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
    grid.set_titles("{col_name}")
    grid.set_axis_labels("iterations", "mIoU (%)")
    if grid.legend is not None:
        sns.move_legend(grid, "lower center", bbox_to_anchor=(0.5, 1.0), ncol=2, title=None)
    figure: Figure = grid.figure
    return figure


def with_lines(curves: pd.DataFrame) -> pd.DataFrame:
    """The curves with a column that tells one line from another: configuration, run and split."""
    parts = ["strategy", "dataset", "model", "run", "split"]
    return curves.assign(line=curves[parts].agg("/".join, axis=1))


def thousands(iteration: float) -> str:
    """80000 as ``80k``, 250 as ``250``."""
    if abs(iteration) >= 1000:
        return f"{iteration / 1000:g}k"
    return f"{iteration:g}"
