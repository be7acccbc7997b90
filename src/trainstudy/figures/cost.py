"""What more compute buys."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, note

COMPUTE, GAIN = "compute, in multiples of the base training", "gain (mIoU points)"


def cost_benefit(
    costs: dict[str, pd.DataFrame],
    reported: pd.DataFrame | None = None,
    names: tuple[str, str] = (COMPUTE, GAIN),
) -> Figure:
    """Gain over compute, one line a way of counting, with intervals; crosses for the report.

    Frames: compute_multiple, gain, low, high (points); ``reported``: compute_multiple, gain;
    ``names``: what the axes say.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for place, (name, cost) in enumerate(costs.items()):
        axes.plot(cost["compute_multiple"], cost["gain"], "o-", color=COLOURS[place], label=name)
        axes.fill_between(cost["compute_multiple"], cost["low"], cost["high"], alpha=0.18,
                          color=COLOURS[place], lw=0)  # fmt: skip
    if reported is not None:
        axes.plot(reported["compute_multiple"], reported["gain"], "x", ms=10, mew=2,
                  color=COLOURS[5], label="reported")  # fmt: skip
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    axes.legend(fontsize=9)
    if all(cost["gain"].isna().all() for cost in costs.values()):
        note(axes)
    return figure
