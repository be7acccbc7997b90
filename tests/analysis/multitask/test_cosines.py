import pandas as pd
import pytest

from trainstudy.analysis.multitask.cosines import by_cell


def test_seeds_count_alike_however_often_they_were_measured():
    rows = [
        ("joint", 0, "seg–det", 0.4),
        ("joint", 0, "seg–det", 0.2),
        ("joint", 1, "seg–det", -0.1),
        ("joint", 1, "seg–cls", 0.0),
        ("seg,det,cls", 0, "seg–det", -0.5),
    ]
    found = by_cell(pd.DataFrame(rows, columns=["cell", "seed", "pair", "cosine"]))
    first = found.iloc[0]
    assert first[["cell", "pair", "n"]].tolist() == ["joint", "seg–det", 2]
    assert first["value"] == pytest.approx((0.3 - 0.1) / 2)
    assert first["opposed"] == pytest.approx(100 / 3)
    assert found["opposed"].tolist()[1:] == [0, 100]
    assert found["low"].isna().tolist() == [False, True, True]


def test_what_was_not_measured_has_no_row():
    assert by_cell(pd.DataFrame(columns=["cell", "seed", "pair", "cosine"])).empty
