import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.labels import (
    LAST_LABEL,
    admissible,
    as_labelled,
    counted_from_zero,
    counted_since_resume,
)


@pytest.mark.parametrize(
    ("label", "iteration"),
    [
        (90_000, 86_658),
        (160_000, 133_320),
        (240_000, 186_648),
        (320_000, 239_976),
        (440_000, 319_968),
        (450_000, 320_000),
        (80_000, 80_000),
        (40_000, 40_000),
    ],
)
def test_validations_since_the_resume(label, iteration):
    assert counted_since_resume(label) == iteration


def test_the_last_validation_is_label_450k():
    assert LAST_LABEL == 450_000
    assert counted_since_resume(460_000) > 320_000  # no such validation


@given(steps=st.integers(1, 37))
def test_labels_are_counted_back_from_a_run_of_validations(steps):
    validations = [i for i in range(80_001, 320_001) if i % 6_666 == 0 or i == 320_000]
    assert counted_since_resume(80_000 + 10_000 * steps) == validations[steps - 1]


def test_other_readings():
    assert as_labelled(330_000) == 330_000
    assert counted_from_zero(300_000) == 199_980


def test_labels_after_the_end_are_impossible_only_as_labelled(report):
    labels = report.tables["performance"]["peak_label"]
    table = admissible(labels)
    impossible = table[~table["possible"]]
    assert impossible["hypothesis"].unique().tolist() == ["as labelled"]
    assert len(impossible) == sum(label > 320_000 for label in labels)
