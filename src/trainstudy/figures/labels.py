"""How well each reading of the report's labels fits the published curves."""

import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, ink


def label_errors(fits: pd.DataFrame) -> Figure:
    """Reported minus published level, one dot a figure of the report, one row a reading.

    ``fits``: hypothesis, error (mIoU points), z (error in units of its standard error).
    """
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 2.6), sharey=True)
    for axes, column, title in zip(
        panels, ("error", "z"), ("error (mIoU points)", "error / its noise"), strict=True
    ):
        sns.stripplot(fits, x=column, y="hypothesis", ax=axes, color=COLOURS[0], size=4, alpha=0.7,
                      jitter=0.2)  # fmt: skip
        means = fits.groupby("hypothesis", sort=False)[column].mean()
        axes.plot(means, range(len(means)), "|", ms=22, mew=3, color=COLOURS[5])
        axes.axvline(0, color=ink(), lw=0.8)
        axes.set_xlabel(title)
        axes.set_ylabel("")
    return figure
