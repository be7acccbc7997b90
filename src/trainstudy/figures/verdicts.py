"""How the report's claims fared."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import WIDTH

STATUS_COLOURS = {
    "confirmed": "#009E73",
    "contradicted": "#D55E00",
    "below the noise floor": "#E69F00",
    "not identifiable": "#56B4E9",
    "not checkable": "#A0A0A0",
}


def verdict_counts(counts: pd.DataFrame, names: dict[str, str]) -> Figure:
    """Stacked bars, one a section of the report (``names`` gives their titles), counts written in.

    ``counts``: section and one column a verdict.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.45 * len(counts) + 1.3))
    labels = [names.get(str(section), str(section)) for section in counts["section"]]
    left = pd.Series(0, index=counts.index)
    for status, colour in STATUS_COLOURS.items():
        width = counts[status]
        axes.barh(labels, width, left=left, color=colour, label=status)
        for place, (start, value) in enumerate(zip(left, width, strict=True)):
            if value:
                axes.text(start + value / 2, place, str(value), ha="center", va="center",
                          color="black", fontsize=9)  # fmt: skip
        left += width
    axes.invert_yaxis()
    axes.grid(False)
    axes.set_xlabel("claims")
    axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.4, 1.0), fontsize=9)
    return figure
