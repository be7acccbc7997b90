import re

import numpy as np
import pandas as pd

from trainstudy.analysis.marginal import REPORT_PHASES, marginal_gains, shares
from trainstudy.book import tables
from trainstudy.book.show import budget


def test_the_reports_gains_include_its_zero(study_of):
    told = tables.reported_gains(study_of("published").report)
    assert told[80_000, 90_000] == 0
    assert told[90_000, 160_000] == 0.75
    assert [start for start, _ in told] == [80_000, *REPORT_PHASES[:-1]]


def test_the_report_stands_only_beside_its_own_phases(study_of):
    for case, expected in (("many", 0), ("no resume", 3), ("published", 4)):
        study = study_of(case)
        gains = marginal_gains(study.curves, study.full_phases, study.breaks)
        shown = tables.phase_gains(gains, study.report)._repr_html_()
        rows = re.findall("<tr>(.*?)</tr>", shown)[1:]
        assert len(rows) == len(study.full_phases) - 1
        reported = [re.findall(r"<td[^>]*>(.*?)</td>", row)[1] for row in rows]
        assert sum(value != "–" for value in reported) == expected


def test_shares_end_at_the_whole(study_of):
    for case in ("many", "falling", "replicates"):
        study = study_of(case)
        shown = tables.phase_shares(shares(study.curves, study.phases))._repr_html_()
        last = re.findall("<tr>(.*?)</tr>", shown)[-1]
        assert re.findall(r"<td[^>]*>(.*?)</td>", last)[4] == "100 %"
        assert f"since {budget(study.phases[0])}." in shown


def gains(*means: float) -> pd.DataFrame:
    """Phases of 10, 20, 30, ... iterations with these mean gains and a noise floor of 0.1."""
    starts = np.cumsum([10 * (place + 1) for place in range(len(means))])
    lengths = 10 * np.arange(2, len(means) + 2)
    return pd.DataFrame({
        "start": starts, "end": starts + lengths, "mean_gain": means, "n": 3, "noise_floor": 0.1,
        "gain_per_10k": np.array(means) * 10_000 / lengths,
    })  # fmt: skip


def test_the_largest_phase_is_told_with_those_below_the_noise():
    most, rate, *below = tables.largest_phase(gains(0.5, 0.6, -0.05))
    assert "30 to 60 brings the most: +0.60" in most
    assert "10 to 30 brings the most per iteration: +250.00" in rate
    assert below == ["The gain of 60 to 100 is below its noise floor."]


def test_fewer_than_two_phases_have_no_largest():
    for means in ((0.5,), (0.5, np.nan), (np.nan, np.nan)):
        (line,) = tables.largest_phase(gains(*means))
        assert line.startswith("Fewer than two phases")
