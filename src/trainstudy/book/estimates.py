"""Figures with their intervals as columns of tables."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trainstudy.book.show import Estimate, Format, estimate, tenths


def column(frame: pd.DataFrame, form: Format = tenths) -> "pd.Series[Any]":
    """The value, low and high of every row in one cell."""
    rows = frame[["value", "low", "high"]].itertuples(index=False, name=None)
    found = [estimate(value, low, high, form) for value, low, high in rows]
    return pd.Series(found, index=frame.index, dtype=object)


def wide(long: pd.DataFrame, forms: Mapping[str, Format] | None = None) -> pd.DataFrame:
    """From cell, measure, value, low, high: cell, and a column of estimates for every measure.

    Measures without a form have one decimal.
    """
    forms, rows = forms or {}, dict[str, dict[str, str | Estimate | None]]()
    measures = list(dict.fromkeys(long["measure"]))
    for row in long.to_dict("records"):
        cell, measure = row["cell"], row["measure"]
        found = estimate(row["value"], row["low"], row["high"], forms.get(measure, tenths))
        rows.setdefault(cell, {"cell": cell})[measure] = found
    return pd.DataFrame(list(rows.values()), columns=["cell", *measures])
