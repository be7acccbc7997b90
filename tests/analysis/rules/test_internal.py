import pytest

from trainstudy.runs.curves import empty


@pytest.mark.parametrize(
    ("rule", "arguments", "value"),
    [
        ("table_share", {"start": 90_000, "end": 160_000}, 100 * 0.75 / 1.24),
        ("table_gain", {"start": 90_000, "end": 240_000}, 1.14),
        (
            "table_relative",
            {"start": 160_000, "end": 240_000, "reference": [90_000, 160_000]},
            52.0,
        ),
        ("plain_ratio", {"numerator": 160_000, "denominator": 320_000}, 50.0),
        ("phase_length", {"start": 90_000, "end": 160_000}, 70_000),
    ],
)
def test_arithmetic_on_the_reports_own_figures(verdict, rule, arguments, value):
    right = verdict(empty(), rule, reported=round(value, 1), decimals=1, unit="%", **arguments)
    assert right.recomputed == pytest.approx(value)
    assert right.status == "confirmed"
    wrong = verdict(empty(), rule, reported=value + 5, decimals=1, unit="%", **arguments)
    assert wrong.status == "contradicted"


def test_labels_and_the_end_of_training(verdict, report):
    ask = {"table": "performance", "column": "peak_label"}
    found = verdict(empty(), "labels_within_training", of=report, **ask)
    assert (found.status, found.recomputed) == ("contradicted", 9)


def test_levels_and_gains_agree_until_one_is_changed(verdict, report):
    assert verdict(empty(), "levels_match_gains", of=report).status == "confirmed"
    table = report.tables["performance"].copy()
    table.loc[table["dataset"] == "BDD10k", "mIoU_240k"] += 0.3
    changed = type(report)(report.design, (), {**report.tables, "performance": table})
    assert verdict(empty(), "levels_match_gains", of=changed).status == "contradicted"
