import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.performance import expected_maximum, levels_at, peaks
from trainstudy.runs.curves import empty

NAME = "none/City/pspnet_r50"


def test_levels_at_budgets_leave_gaps(make):
    table = levels_at(make({NAME: {10: 40.0, 20: 41.0}}), [10, 15])
    assert table[10].tolist() == [40.0]
    assert table[15].isna().all()


def test_a_clean_peak_is_where_it_is(make):
    curve = {x: 40.0 - abs(x - 50) for x in range(10, 100, 10)}
    row = peaks(make({NAME: curve})).iloc[0]
    assert (row["peak_iteration"], row["peak"]) == (50, 40.0)
    assert row["within_noise_from"] <= 50


def test_a_flat_noisy_curve_has_no_place_for_its_peak(make):
    rng = np.random.default_rng(2)
    curve = {x: 40 + rng.normal(0, 0.5) for x in range(1, 41)}
    row = peaks(make({NAME: curve})).iloc[0]
    assert row["within_noise_from"] < 10
    assert row["within_noise"] > 20
    assert row["peak"] - 40 == pytest.approx(row["peak_excess"], abs=0.5)
    assert row["peak_iteration_sigma"] > 5


def test_selection_is_on_val_and_the_figure_from_test(make):
    val = make({NAME: {1: 40.0, 2: 45.0, 3: 41.0}}, split="val")
    tested = make({NAME: {1: 60.0, 2: 50.0, 3: 55.0}})
    row = peaks(pd.concat([val, tested])).iloc[0]
    assert (row["selected_on"], row["peak_iteration"], row["peak"]) == ("val", 2, 45.0)
    assert (row["quoted_on"], row["quoted"]) == ("test", 50.0)


def test_expected_maximum_against_tables_and_simulation():
    assert expected_maximum(1) == pytest.approx(0, abs=1e-9)
    assert expected_maximum(2) == pytest.approx(1 / np.sqrt(np.pi))
    drawn = np.random.default_rng(0).standard_normal((100_000, 12)).max(axis=1).mean()
    assert expected_maximum(12) == pytest.approx(drawn, abs=0.01)
    with pytest.raises(ValueError, match="at least one"):
        expected_maximum(0)


def test_published_peaks_by_plain_arithmetic(published, plain):
    for row in peaks(published, (90_000, 320_000)).to_dict("records"):
        curve = plain[row["strategy"], row["dataset"], row["model"]]
        late = {i: v for i, v in curve.items() if i >= 90_000}
        assert row["peak_iteration"] == max(late, key=late.__getitem__)
        assert late[row["within_noise_from"]] >= row["peak"] - row["noise_floor"]


def test_empty_and_short_curves(make):
    assert peaks(empty()).empty
    row = peaks(make({NAME: {5: 40.0}})).iloc[0]
    assert row["peak_iteration"] == 5
    assert np.isnan(row["noise_floor"])
