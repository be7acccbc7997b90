"""A training of our own: loss, learning rate and validation from its record."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import COLOURS, WIDTH, ink

Rows = Sequence[Mapping[str, Any]]


def training_curves(runs: Mapping[str, tuple[Rows, Rows]], marks: Mapping[str, int]) -> Figure:
    """Loss above, learning rate in the middle, validation mIoU below; one colour a run.

    ``runs``: train and val lines of metrics.jsonl by name; ``marks``: iterations to point out.
    """
    figure, panels = plt.subplots(
        3, 1, figsize=(WIDTH, 5), sharex=True, height_ratios=(3, 1, 3), layout="constrained"
    )
    for place, (name, (train, val)) in enumerate(runs.items()):
        # the later run is thinner: where two are equal to the bit, both must be seen
        line = {"color": COLOURS[place % len(COLOURS)], "lw": 3.5 / (1 + 2 * place), "label": name}
        frame = pd.DataFrame(train, columns=["iteration", "loss", "lr"])
        checks = pd.DataFrame(val, columns=["iteration", "mIoU"])
        panels[0].plot(frame["iteration"], frame["loss"], **line)
        panels[1].plot(frame["iteration"], frame["lr"], **line)
        panels[2].plot(checks["iteration"], checks["mIoU"], marker="o", ms=4, **line)
    for axes in panels:
        for iteration in marks.values():
            axes.axvline(iteration, color=ink(), lw=0.8, ls="--", alpha=0.7)
    for text, iteration in marks.items():
        panels[0].annotate(text, (iteration, 1), xycoords=("data", "axes fraction"), fontsize=9,
                           xytext=(3, -2), textcoords="offset points", va="top")  # fmt: skip
    for axes, title in zip(panels, ("loss", "rate", "validation\nmIoU (%)"), strict=True):
        axes.set_ylabel(title)
    panels[2].set_xlabel("iterations")
    if len(runs) > 1:
        panels[0].legend(fontsize=9, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def domain_scores(val: Rows) -> Figure:
    """Validation mIoU of every domain over the iterations, from lines that hold ``domains``."""
    frame = pd.DataFrame([row["domains"] for row in val], index=[row["iteration"] for row in val])
    figure, axes = plt.subplots(figsize=(WIDTH, 3))
    order = frame.iloc[-1].sort_values(ascending=False).index
    for place, domain in enumerate(order):
        axes.plot(frame.index, frame[domain], marker="o", ms=4, color=COLOURS[place % len(COLOURS)],
                  label=domain.replace("_", " "))  # fmt: skip
    axes.set_xlabel("iterations")
    axes.set_ylabel("validation mIoU (%)")
    axes.legend(fontsize=9, ncols=2)
    return figure
