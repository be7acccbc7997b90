import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.label_evidence import (
    advantage,
    best_scale,
    fitted,
    interpolate,
    peak_labels,
    reported,
    summary,
)
from trainstudy.analysis.labels import HYPOTHESES, counted_since_resume

AS_IS, ZERO, RESUME = HYPOTHESES
LABELS = (160_000, 240_000, 320_000)


@pytest.fixture
def case(make):
    """Six curves that end in a slope, and levels reported by validations since the resume."""
    rng = np.random.default_rng(4)
    curves, rows = {}, []
    for i in range(6):
        level = 40 + 5 * i

        def true(x, level=level):
            return level + 3 * (x - 80_000) / 240_000

        curves[f"none/City{i}/pspnet_r50"] = {
            x: true(x) + rng.normal(0, 0.05) for x in range(90_000, 320_001, 10_000)
        }
        rows += [
            ("none", f"City{i}", "PSPNet", label, true(counted_since_resume(label)), 0.05)
            for label in LABELS
        ]
    columns = ["strategy", "dataset", "family", "label", "mIoU", "rounding"]
    return pd.DataFrame(rows, columns=columns), make(curves)


def test_the_planted_reading_wins(case):
    fits = fitted(*case)
    table = summary(fits).set_index("hypothesis")
    assert table["rmse"].idxmin() == RESUME
    assert table["rms_z"][RESUME] < 1.5 < table["rms_z"][AS_IS]
    for other in (AS_IS, ZERO):
        assert advantage(fits, RESUME, other).low > 0
        assert advantage(fits, other, RESUME).high < 0


def test_the_planted_scale_is_recovered(case):
    found = best_scale(*case)
    assert found.low <= 2 / 3 <= found.high
    assert found.high < 0.8


def test_nothing_is_interpolated_across_a_break_or_beyond_the_curve():
    curve = pd.Series({70: 1.0, 80: 2.0, 90: 10.0, 100: 11.0})
    assert interpolate(curve, 75) == (1.5, 0.5)
    assert interpolate(curve, 90) == (10.0, 1.0)
    assert interpolate(curve, 80, breaks=[80]) == (2.0, 1.0)
    for iteration, breaks in ((85, [80]), (60, []), (101, [])):
        assert np.isnan(interpolate(curve, iteration, breaks)[0])


def test_the_report_has_a_row_for_each_figure(report):
    table = reported(report.tables)
    assert table["since"].isna().sum() == 3 * len(report.tables["performance"])
    assert table["since"].notna().sum() == 3 * len(report.tables["gains_by_configuration"])
    row = table[(table["strategy"] == "gen_cycleGAN") & (table["since"] == 240_000)].iloc[0]
    assert (row["label"], row["mIoU"], row["rounding"]) == (320_000, 0.03, 0.005)


def test_published_levels_by_plain_arithmetic(report, published, plain):
    fits = fitted(reported(report.tables), published)
    models = {"PSPNet": "pspnet_r50", "SegFormer": "segformer_mit-b5"}
    levels = fits[fits["kind"] == "level"]
    for row in levels.to_dict("records"):
        curve = plain[row["strategy"], row["dataset"], models[row["family"]]]
        below = max(i for i in curve if i <= row["iteration"])
        above = min(i for i in curve if i >= row["iteration"])
        part = (row["iteration"] - below) / (above - below) if above > below else 0.0
        assert row["published"] == pytest.approx(curve[below] * (1 - part) + curve[above] * part)
    # The levels speak for counts of validations since the resume, as does the free scale.
    assert summary(levels).set_index("hypothesis")["rms_z"].idxmin() == RESUME
    assert advantage(levels, RESUME, AS_IS).low > 0
    assert best_scale(reported(report.tables).query("since.isna()"), published).high < 1


def test_gains_do_not_decide_between_the_two(report, published):
    fits = fitted(reported(report.tables), published)
    found = advantage(fits[fits["kind"] == "gain"], RESUME, AS_IS)
    assert found.low < 0 < found.high


def test_peaks_read_as_counts_lie_on_the_top_of_the_published_curve(report, published):
    table = peak_labels(report.tables["performance"], published)
    counts = table[table["hypothesis"] == RESUME]
    assert counts["possible"].all()
    assert counts["consistent"].dropna().all()
    assert counts["consistent"].isna().sum() == (counts["strategy"] == "gen_TSIT").sum()
    assert not table.query("hypothesis == @AS_IS and peak_label > 320000")["possible"].any()
