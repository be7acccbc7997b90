import pandas as pd
import pytest

from trainstudy.analysis.multitask.cosines import by_cell

COLUMNS = ["cell", "seed", "pair", "cosine", "regular"]


def test_seeds_count_alike_however_often_they_were_measured():
    rows = [
        ("joint", 0, "seg–det", 0.4, True),
        ("joint", 0, "seg–det", 0.2, True),
        ("joint", 1, "seg–det", -0.1, True),
        ("joint", 1, "seg–cls", 0.0, True),
        ("seg,det,cls", 0, "seg–det", 0.9, False),  # a look after a transition
        ("seg,det,cls", 0, "seg–det", -0.5, True),
    ]
    found = by_cell(pd.DataFrame(rows, columns=COLUMNS))
    first = found.iloc[0]
    assert first[["cell", "pair", "n"]].tolist() == ["joint", "seg–det", 2]
    assert first["value"] == pytest.approx((0.3 - 0.1) / 2)
    assert first["opposed"] == pytest.approx(100 / 3)
    assert found["opposed"].tolist()[1:] == [0, 100]
    assert found["low"].isna().tolist() == [False, True, True]


def test_what_was_not_measured_has_no_row():
    assert by_cell(pd.DataFrame(columns=COLUMNS).astype({"regular": bool})).empty
