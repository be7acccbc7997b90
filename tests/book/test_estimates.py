import numpy as np
import pandas as pd

from trainstudy.book.estimates import column, wide
from trainstudy.book.show import signed

LONG = pd.DataFrame(
    [("a", "seg", 40.04, 39.0, 41.0), ("a", "det", -1.0, np.nan, np.nan), ("b", "seg", np.nan,
     np.nan, np.nan)],
    columns=["cell", "measure", "value", "low", "high"],
)  # fmt: skip


def words(values):
    return [None if value is None else repr(value).replace("\xa0", " ") for value in values]


def test_a_figure_stands_with_its_interval_and_gaps_stay_gaps():
    assert words(column(LONG)) == ["40.0 (39.0 to 41.0)", "−1.0 (–)", None]
    assert words(column(LONG, signed))[1] == "−1.00 (–)"


def test_a_row_a_cell_and_a_column_a_measure():
    found = wide(LONG, {"det": signed})
    assert found.columns.tolist() == ["cell", "seg", "det"]
    assert found["cell"].tolist() == ["a", "b"]
    assert words(found["det"][:1]) == ["−1.00 (–)"]
    assert found["seg"][1] is None
    assert wide(LONG.iloc[:0]).columns.tolist() == ["cell"]
