import numpy as np
import pytest

from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.verdict import (
    decide_figure,
    decide_negligible,
    decide_positive,
    exact,
    phrase,
)


def around(value, half, n=20):
    return Interval(value, value - half, value + half, n)


@pytest.mark.parametrize(
    ("reported", "value", "half", "floor", "status"),
    [
        (0.75, 0.7, 0.1, 0.2, "confirmed"),
        (1.2, 0.7, 0.1, 0.2, "contradicted"),
        (0.13, 0.05, 0.2, 0.2, "below the noise floor"),
        (0.15, 0.05, 0.01, 0.2, "below the noise floor"),  # outside, but as small as noise
        (2.0, 0.05, 0.2, 0.2, "contradicted"),  # noise does not make two points
        (0.7, 0.7, np.nan, 0.2, "not identifiable"),
    ],
)
def test_figures(reported, value, half, floor, status):
    assert decide_figure(reported, around(value, half), 0.005, floor) == status


def test_rounding_belongs_to_the_figure():
    assert decide_figure(0.8, around(0.75, 0.0), 0.05) == "confirmed"
    assert decide_figure(0.8, around(0.74, 0.0), 0.05) == "contradicted"
    assert exact(60, 60.48, 0.5) == "confirmed"
    assert exact(75, 60.48, 0.5) == "contradicted"


@pytest.mark.parametrize(
    ("value", "half", "floor", "status"),
    [
        (1.0, 0.5, 0.2, "confirmed"),
        (-1.0, 0.5, 0.2, "contradicted"),
        (0.1, 0.05, 0.2, "below the noise floor"),
        (0.5, 0.6, 0.2, "not identifiable"),
        (0.5, np.nan, np.nan, "not identifiable"),
    ],
)
def test_signs(value, half, floor, status):
    assert decide_positive(around(value, half), floor) == status


def test_negligible():
    assert decide_negligible(0.1, 0.2) == "confirmed"
    assert decide_negligible(0.3, 0.2) == "contradicted"
    assert decide_negligible(-0.3, 0.2) == "confirmed"  # a loss is no gain
    assert decide_negligible(0.1, np.nan) == "not identifiable"


def test_phrase():
    text = phrase(Interval(0.731, 0.5, 0.9, 21), "mIoU", 0.18)
    assert text == "+0.73 mIoU [+0.50, +0.90] over 21 configurations, noise floor 0.18"
