import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.arm_gains import GAINS
from trainstudy.figures.arms import arm_curves, budget_gains

ARMS = ["frozen", "stretched", "fresh", "cooldown"]
NOTHING = "nothing to compare in these runs"


def curves(arms, seeds=(0, 1)):
    """Two legs of three validations in every arm, a point more for every seed."""
    rows = [
        (seed, arm, leg, first + step * 500, 40.0 + step + seed)
        for arm in arms for seed in seeds for leg, first in (("base", 0), ("longer", 1000))
        for step in (0, 1, 2)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["seed", "arm", "leg", "iteration", "mIoU"])


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_panel_an_arm_a_line_a_leg_and_a_mark_a_budget(texts, count):
    figure = arm_curves(curves(ARMS[:count]), [1000, 2000])
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == ARMS[:count]
    for axes in panels:
        legs = [line for line in axes.lines if line.get_linestyle() == "-"]
        assert [list(line.get_xdata()) for line in legs] == [[0, 500, 1000], [1000, 1500, 2000]]
        assert [list(line.get_ydata()) for line in legs] == [[40.5, 41.5, 42.5]] * 2
        marks = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"]
        assert marks == [1000, 2000]
        ranges = np.concatenate([band.get_paths()[0].vertices for band in axes.collections])
        assert (ranges[:, 1].min(), ranges[:, 1].max()) == (40, 43)
    assert {"iterations", "validation mIoU (%)", "1k"} <= set(texts(figure))
    assert len({line.get_color() for axes in panels for line in axes.lines[2:]}) == count


def gains(seeds):
    """Gains of all arms at three budgets, the first without any."""
    known = seeds > 1
    rows = [
        (arm, budget, True, seeds, 40.0, gain, *((gain - 1, gain + 2) if known and gain else 2 *
         [np.nan]), 0.5 if known and gain else np.nan, 1.0)
        for place, arm in enumerate(ARMS)
        for budget, gain in ((1000, 0.0), (2000, place - 0.5), (4000, place + 0.5))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=GAINS)


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_point_an_arm_and_longer_budget_with_its_interval(texts, legend, seeds):
    figure = budget_gains(gains(seeds))
    (axes,) = figure.axes
    for place, drawn in enumerate(axes.containers):
        points, _, (bars,) = drawn.lines
        assert list(points.get_ydata()) == [place - 0.5, place + 0.5]
        assert [round(x) for x in points.get_xdata()] == [0, 1]
        ends = [part[:, 1].tolist() for part in bars.get_segments() if part.size]
        both = [[place - 1.5, place + 1.5], [place - 0.5, place + 2.5]]
        assert ends == (both if seeds > 1 else [])
    assert [label for label in legend(axes) if label != "noise floor"] == ARMS
    assert ("noise floor" in legend(axes)) == (seeds > 1)
    assert {"2k", "4k", "gain (mIoU points)"} <= set(texts(figure))
    assert "1k" not in texts(figure)


def test_the_floor_is_a_band_about_zero():
    (axes,) = budget_gains(gains(3)).axes
    (band,) = axes.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (-0.5, 0.5)


def test_nothing_to_draw_is_said(texts):
    assert NOTHING in texts(arm_curves(curves([]), []))
    assert NOTHING in texts(budget_gains(gains(3).iloc[:0]))
    assert NOTHING in texts(budget_gains(gains(3)[lambda t: t["budget"] == 1000]))
