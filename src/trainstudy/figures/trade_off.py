"""What a cell pays for what it gains: two measures against each other."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, note

MARKERS = "os^Dv<>"


def trade_off(summary: pd.DataFrame, x: str, y: str, names: dict[str, str]) -> Figure:
    """A point a cell with its intervals over seeds, by two measures such as own and forgetting.

    ``summary``: cell, measure, value, low, high (see `analysis.multitask.transfer.summary`);
    ``names``: what the axes say for the two measures. Cells without both are left out.
    """
    across, up = (
        summary[summary["measure"] == measure].dropna(subset="value").set_index("cell")
        for measure in (x, y)
    )
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    axes.set_xlabel(names[x])
    axes.set_ylabel(names[y])
    cells = [cell for cell in across.index if cell in up.index]
    if not cells:
        note(axes)
        return figure
    for place, cell in enumerate(cells):
        (a, b), (xerr, yerr) = zip(
            *(_point(table.loc[cell]) for table in (across, up)), strict=True
        )
        axes.errorbar(a, b, xerr=xerr, yerr=yerr, capsize=3, lw=1, ms=7, label=cell,
                      color=COLOURS[place % len(COLOURS)],
                      fmt=MARKERS[place // len(COLOURS) % len(MARKERS)])  # fmt: skip
    axes.legend(fontsize=9, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def _point(row: pd.Series) -> tuple[float, list[list[float]]]:
    """A value and how far its interval reaches to both sides."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    return value, [[value - low], [high - value]]
