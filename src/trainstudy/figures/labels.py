"""How well each reading of the report's labels fits the published curves."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, ink


def label_errors(fits: pd.DataFrame) -> Figure:
    """Reported minus published level, one dot a figure of the report, one row a reading.

    ``fits``: hypothesis, error (mIoU points), z (error in units of its standard error).
    """
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 2.6), sharey=True)
    readings = {str(name): part for name, part in fits.groupby("hypothesis", sort=False)}
    for axes, column, title in zip(
        panels, ("error", "z"), ("error (mIoU points)", "error / its noise"), strict=True
    ):
        for place, part in enumerate(readings.values()):
            # spread by the golden ratio: like jitter, but the same each time
            spread = 0.4 * (np.arange(len(part)) * 0.618034 % 1 - 0.5)
            axes.plot(part[column], place + spread, "o", ms=4, alpha=0.7, color=COLOURS[0])
            axes.plot(part[column].mean(), place, "|", ms=22, mew=3, color=COLOURS[5])
        axes.axvline(0, color=ink(), lw=0.8)
        axes.set_xlabel(title)
    panels[0].set_yticks(range(len(readings)), list(readings))
    panels[0].invert_yaxis()  # the first reading on top; the other panel shares the axis
    return figure
