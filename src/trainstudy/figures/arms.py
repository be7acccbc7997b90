"""The arms of training longer: their curves, and their gains at every budget."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.curves import thousands
from trainstudy.figures.style import COLOURS, WIDTH, ink, note


def arm_curves(curves: pd.DataFrame, budgets: list[int]) -> Figure:
    """One panel an arm: validation mIoU of each leg, mean and range over seeds.

    ``curves``: seed, arm, leg, iteration, mIoU (percent); ``budgets`` as dotted lines.
    """
    arms = list(dict.fromkeys(curves["arm"]))
    rows = max(1, -(-len(arms) // 2))
    figure, panels = plt.subplots(
        rows, 2, figsize=(WIDTH, 2.3 * rows), sharex=True, sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for axes in panels.flat[max(1, len(arms)) :]:
        axes.set_visible(False)
    for place, (arm, axes) in enumerate(zip(arms, panels.flat, strict=False)):
        for budget in budgets:
            axes.axvline(budget, color=ink(), lw=0.8, ls=":", alpha=0.6)
        for _, leg in curves[curves["arm"] == arm].groupby("leg", sort=False):
            spread = leg.groupby("iteration")["mIoU"].agg(["mean", "min", "max"])
            axes.fill_between(spread.index, spread["min"], spread["max"],
                              color=COLOURS[place], alpha=0.2, lw=0)  # fmt: skip
            axes.plot(spread.index, spread["mean"], color=COLOURS[place], lw=1.4)
        axes.set_title(arm)
        axes.xaxis.set_major_formatter(lambda value, _: thousands(value))
    figure.supxlabel("iterations", fontsize=10)
    figure.supylabel("validation mIoU (%)", fontsize=10)
    if curves.empty:
        note(panels[0, 0])
    return figure


def budget_gains(gains: pd.DataFrame) -> Figure:
    """Gain of every arm over its own shortest budget, with intervals; the noise floor as a band.

    ``gains``: arm, budget, gain, low, high, noise_floor (mIoU points).
    """
    longer = gains[gains["noise_floor"].notna() | gains["gain"].ne(0)]
    budgets, arms = sorted(longer["budget"].unique()), list(dict.fromkeys(longer["arm"]))
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    if longer.empty:
        note(axes)
        return figure
    floor = longer["noise_floor"].max()
    if floor == floor:
        axes.axhspan(-floor, floor, color=COLOURS[6], alpha=0.3, lw=0, label="noise floor")
    for place, arm in enumerate(arms):
        part = longer[longer["arm"] == arm].set_index("budget")
        aside = (place - (len(arms) - 1) / 2) * 0.15
        x = [budgets.index(budget) + aside for budget in part.index]
        error = [part["gain"] - part["low"], part["high"] - part["gain"]]
        axes.errorbar(x, part["gain"], yerr=error, fmt="o", capsize=4, color=COLOURS[place],
                      label=arm)  # fmt: skip
    axes.axhline(0, color=ink(), lw=0.8)
    axes.set_xticks(range(len(budgets)), [thousands(budget) for budget in budgets])
    axes.set_xlim(-0.5, len(budgets) - 0.5)
    axes.set_xlabel("budget (iterations)")
    axes.set_ylabel("gain (mIoU points)")
    axes.legend(fontsize=9, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure
