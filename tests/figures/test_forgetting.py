import pandas as pd
import pytest

from trainstudy.analysis.multitask.scores import METRICS, frame
from trainstudy.figures.forgetting import forgetting_curves, way_curves

NOTHING = "nothing to compare in these runs"


def scores(cell="seg,det", seeds=(0, 2)):
    """Two evaluations in each of two stages; a seed adds its number to every score."""
    return frame([
        {"cell": cell, "seed": seed, "stage": stage, "stage_name": name, "trained": trained,
         "iteration": iteration, "total": 1000 * stage + iteration, "split": "val", "task": task,
         "score": 10.0 * stage + iteration / 100 + seed, "boundary": iteration == 1000}
        for seed in seeds for stage, (name, trained) in enumerate([("seg", "seg"),
                                                                   ("seg>det", "det+cls")])
        for iteration in (500, 1000) for task in METRICS
    ])  # fmt: skip


def curve(axes):
    (line,) = [line for line in axes.lines if line.get_marker() == "o"]
    return list(line.get_xdata()), list(line.get_ydata())


def test_a_panel_a_task_with_mean_range_and_boundaries(texts):
    figure = forgetting_curves(scores(), METRICS)
    assert len(figure.axes) == 3
    for axes in figure.axes:
        assert curve(axes) == ([500, 1000, 1500, 2000], [6, 11, 16, 21])
        ends = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"]
        assert ends == [1000, 2000]
        band = axes.collections[0].get_paths()[0].vertices[:, 1]
        assert (band.min(), band.max()) == (5, 22)
    assert {"seg>det", "mIoU (%)", "2k"} <= set(texts(figure))


def test_a_tint_where_the_task_is_trained():
    tints = [
        [(tint.get_x(), tint.get_x() + tint.get_width()) for tint in axes.patches]
        for axes in forgetting_curves(scores(), METRICS).axes
    ]
    assert tints == [[(0, 1000)], [(1000, 2000)], [(1000, 2000)]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_colour_a_way_in_every_panel(legend, count):
    ways = ["joint", "seg,det", "seg,det ewc"][:count]
    both = pd.concat([scores(way) for way in [*ways, "other"]], ignore_index=True)
    figure = way_curves(both, ways, METRICS)
    assert legend(figure.axes[0]) == ways
    for axes in figure.axes:
        assert len({line.get_color() for line in axes.lines}) == len(axes.lines) == count


def test_nothing_to_draw_is_said(texts):
    assert NOTHING in texts(forgetting_curves(scores().iloc[:0], METRICS))
    assert NOTHING in texts(way_curves(scores(), ["unknown"], METRICS))
