import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.marginal import FULL_PHASES, marginal_gains, shares
from trainstudy.runs.curves import empty


@pytest.fixture
def planted(make):
    """Four configurations that gain 1.0, then 0.5, then 0.25 for certain."""
    path = {100: 0.0, 200: 1.0, 300: 1.5, 400: 1.75}
    return make(
        {f"none/City{i}/pspnet_r50": {k: 30.0 + i + v for k, v in path.items()} for i in range(4)}
    )


def test_planted_gains_are_found(planted):
    table = marginal_gains(planted, (100, 200, 300, 400))
    assert table["mean_gain"].tolist() == [1.0, 0.5, 0.25]
    assert table["gain_per_10k"].tolist() == [100.0, 50.0, 25.0]
    assert table["n"].tolist() == [4, 4, 4]
    assert (table["smallest_resolvable"] > table["noise_floor"]).all()


def test_planted_shares_are_found(planted):
    table = shares(planted, (100, 200, 300, 400))
    assert table["share"].tolist() == pytest.approx([400 / 7, 200 / 7, 100 / 7])
    assert table["cumulative_share"].tolist() == pytest.approx([400 / 7, 600 / 7, 100])
    assert table["cumulative_gain"].tolist() == [1.0, 1.5, 1.75]


def test_each_phase_has_its_own_pairs_but_shares_have_one_panel(planted, make):
    late = make({"none/Late/pspnet_r50": {300: 40.0, 400: 41.0}})
    curves = pd.concat([planted, late])
    table = marginal_gains(curves, (100, 200, 300, 400))
    assert table["n"].tolist() == [4, 4, 5]
    assert table["left_out"].tolist() == [1, 1, 0]
    assert shares(curves, (100, 200, 300, 400))["n"].tolist() == [4, 4, 4]


def test_phases_nobody_covers_are_rows_without_figures(planted):
    for curves in (planted, empty()):
        assert marginal_gains(curves)["n"].tolist() == [0, 0, 0]
        assert marginal_gains(curves)["mean_gain"].isna().all()
        assert shares(curves)["share"].isna().all()


def test_published_phases_by_plain_arithmetic(published, plain):
    table = marginal_gains(published, FULL_PHASES, breaks=(80_000,))
    for row in table.to_dict("records"):
        gains = [
            v[row["end"]] - v[row["start"]]
            for v in plain.values()
            if row["start"] in v and row["end"] in v
        ]
        assert row["n"] == len(gains)
        assert row["mean_gain"] == pytest.approx(sum(gains) / len(gains))
        assert row["low"] < row["mean_gain"] < row["high"]
    # the phase that the report sets to zero brings most, in all and for each iteration
    assert table["mean_gain"].idxmax() == 0
    assert table["gain_per_10k"][0] > 5 * table["gain_per_10k"][1:].max()


def test_published_noise_by_plain_arithmetic(published, plain):
    variances = []
    for curve in plain.values():
        y = [curve[i] for i in sorted(curve) if i >= 90_000]
        if 320_000 in curve:
            e = [0.5 * a - b + 0.5 * c for a, b, c in zip(y, y[1:], y[2:], strict=False)]
            variances.append(sum(r * r for r in e) / len(e) / 1.5)
    expected = 1.96 * np.sqrt(2 * sum(variances) / len(variances) / len(variances))
    floors = marginal_gains(published)["noise_floor"].tolist()
    assert floors == pytest.approx([expected] * 3, rel=1e-3)
