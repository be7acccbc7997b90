"""What more compute buys."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, note


def cost_benefit(costs: dict[str, pd.DataFrame], reported: pd.DataFrame | None = None) -> Figure:
    """Gain over compute, one line a way of counting, with intervals; crosses for the report.

    Frames: compute_multiple, gain, low, high (mIoU points); ``reported``: compute_multiple, gain.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for place, (name, cost) in enumerate(costs.items()):
        axes.plot(cost["compute_multiple"], cost["gain"], "o-", color=COLOURS[place], label=name)
        axes.fill_between(cost["compute_multiple"], cost["low"], cost["high"], alpha=0.18,
                          color=COLOURS[place], lw=0)  # fmt: skip
    if reported is not None:
        axes.plot(reported["compute_multiple"], reported["gain"], "x", ms=10, mew=2,
                  color=COLOURS[5], label="reported")  # fmt: skip
    axes.set_xlabel("compute, in multiples of the base training")
    axes.set_ylabel("gain (mIoU points)")
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    axes.legend(fontsize=9)
    if all(cost["gain"].isna().all() for cost in costs.values()):
        note(axes)
    return figure
