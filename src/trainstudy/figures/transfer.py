"""The matrix R: what every stage leaves of every task."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def r_matrix(table: pd.DataFrame, metrics: dict[str, str]) -> Figure:
    """A row a stage, a column a task, mean over seeds and half its interval written in.

    ``table``: stage, stage_name, task, own, value, low, high (percent); ``metrics``: the metric of
    every task. The darker, the nearer to the best of the column, for metrics do not compare; a
    frame where the stage trains the task.
    """
    stages = table.drop_duplicates("stage").set_index("stage")["stage_name"]
    tasks = list(dict.fromkeys(table["task"]))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.6 * max(1, len(stages)) + 0.9))
    axes.grid(False)
    if table.empty:
        note(axes)
        return figure
    best = table.groupby("task")["value"].max()
    for row in table.to_dict("records"):
        x, y = tasks.index(row["task"]), list(stages.index).index(row["stage"])
        shade = 0.55 * row["value"] / best[row["task"]] if best[row["task"]] else 0.0
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, color=COLOURS[0], alpha=shade, lw=0))
        if row["own"]:
            axes.add_patch(Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, fill=False, ec=ink()))
        half = row["high"] - row["value"]
        known = half == half
        axes.text(x, y, f"{row['value']:.1f}" + (f" ± {half:.1f}" if known else ""),
                  ha="center", va="center")  # fmt: skip
    axes.set_xlim(-0.5, len(tasks) - 0.5)
    axes.set_ylim(len(stages) - 0.5, -0.5)
    axes.set_xticks(range(len(tasks)), [f"{task}\n{metrics[task]} (%)" for task in tasks])
    axes.set_yticks(range(len(stages)), [f"after {name}" for name in stages])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure
