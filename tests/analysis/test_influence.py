import numpy as np
import pytest

from trainstudy.analysis.influence import influence, reported_influence
from trainstudy.analysis.pairs import gains


def test_each_shift_is_what_leaving_one_out_does(make):
    names = [f"none/City{i}/pspnet_r50" for i in range(4)]
    curves = make({n: {1: 40.0, 2: 40.0 + g} for n, g in zip(names, (1, 1, 1, 9), strict=True)})
    table = influence(gains(curves, 1, 2).table)
    assert table["dataset"][0] == "City3"
    assert table["mean_without"][0] == 1.0
    assert table["shift"][0] == 2.0


def test_one_configuration_has_no_others(make):
    table = influence(gains(make({"none/City/pspnet_r50": {1: 40.0, 2: 41.0}}), 1, 2).table)
    assert np.isnan(table["mean_without"][0])


def test_one_row_of_the_report_moves_both_of_its_late_means(report):
    table = reported_influence(report.tables, completed=22)
    assert table["dataset"][:2].tolist() == ["MapillaryVistas"] * 2
    by_start = table[:2].set_index("start")
    # 56.0, 58.0, 56.4: plain arithmetic on the printed figures
    assert by_start["mean_without"][160_000] == pytest.approx((22 * 0.39 - 2.0) / 21)
    assert by_start["mean_without"][240_000] == pytest.approx((22 * 0.10 + 1.6) / 21)
