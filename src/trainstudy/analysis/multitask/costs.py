"""What a way of training costs: iterations, images, and time and energy where they can be told."""

import pandas as pd

BY_CELL = ["cell", "device", "chains", "iterations", "images", "alone", "seconds", "joules"]


def by_cell(costs: pd.DataFrame) -> pd.DataFrame:
    """Means over the chains of each cell, a row for every kind of device it ran on: `BY_CELL`.

    ``costs``: of `runs.task_costs.costs`. chains: how many there are; alone: how many of them had
    their device to themselves, which are those that seconds and joules are of: NaN where there are
    none, or where a start was killed or a device does not tell. A stage that several cells share
    counts in each.
    """
    rows = []
    for (cell, device), part in costs.groupby(["cell", "device"], sort=False):
        alone = part[part["beside"] == 1]
        rows.append(
            (cell, device, len(part), part["iterations"].mean(), part["images"].mean(), len(alone),
             alone["seconds"].mean(), alone["joules"].mean())
        )  # fmt: skip
    return pd.DataFrame(rows, columns=BY_CELL)


def in_multiples(table: pd.DataFrame, cell: str, column: str) -> pd.Series:
    """A column of `by_cell` divided by its mean for one cell, NaN where there is no such cell."""
    base = table.loc[table["cell"] == cell, column].mean()
    return table[column] / base
