"""How much one single configuration moves a mean."""

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION


def influence(gains: pd.DataFrame) -> pd.DataFrame:
    """How far each single configuration moves the mean gain, the most influential first.

    Adds to strategy, dataset, model, gain the columns mean_without (the mean of all others; NaN
    for a single configuration) and shift (mean minus mean_without, mIoU points).
    """
    table = gains[[*CONFIGURATION, "gain"]].copy()
    others = len(table) - 1
    table["mean_without"] = (table["gain"].sum() - table["gain"]) / others if others > 0 else np.nan
    table["shift"] = table["gain"].mean() - table["mean_without"]
    return table.sort_values("shift", key=abs, ascending=False, kind="stable", ignore_index=True)


def reported_influence(tables: dict[str, pd.DataFrame], completed: int) -> pd.DataFrame:
    """The same for the report's own figures: its mean gains without one row of its own table.

    Gains are taken from the levels of section 2 (each printed to 0.1, so uncertain by 0.1), means
    from section 1, over `completed` configurations. strategy, dataset, family, start, end, gain,
    stated_mean, mean_without, shift; the most influential first.
    """
    levels = tables["performance"]
    means = tables["marginal_gains"].set_index(["start", "end"])["mean_gain"]
    parts = []
    for start, end in ((160_000, 240_000), (240_000, 320_000)):
        part = levels[["strategy", "dataset", "family"]].assign(start=start, end=end)
        part["gain"] = levels[f"mIoU_{end // 1000}k"] - levels[f"mIoU_{start // 1000}k"]
        part["stated_mean"] = means.loc[(start, end)]
        parts.append(part)
    table = pd.concat(parts)
    total = completed * table["stated_mean"]
    table["mean_without"] = (total - table["gain"]) / (completed - 1)
    table["shift"] = table["stated_mean"] - table["mean_without"]
    return table.sort_values("shift", key=abs, ascending=False, kind="stable", ignore_index=True)
