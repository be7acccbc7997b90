import numpy as np
import pandas as pd

from trainstudy.figures.weights import task_weights


def weights(seeds=(0, 2)):
    rows = [
        (seed, iteration, task, level + iteration / 1000 + seed / 10)
        for seed in seeds for iteration in (0, 1000)
        for task, level in (("seg", 1.0), ("det", 0.5))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["seed", "iteration", "task", "weight"])


def test_a_line_a_task_with_its_range_and_the_reports_cross(texts, legend):
    figure = task_weights(weights(), {"det": 1.23, "cls": 0.92})
    (axes,) = figure.axes
    seg, det, cross, one = axes.lines
    np.testing.assert_allclose(seg.get_ydata(), [1.1, 2.1])
    np.testing.assert_allclose(det.get_ydata(), [0.6, 1.6])
    assert (list(cross.get_xdata()), list(cross.get_ydata())) == ([1000], [1.23])
    assert cross.get_color() == det.get_color() != seg.get_color()
    assert set(one.get_ydata()) == {1}
    band = axes.collections[1].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose([band.min(), band.max()], [0.5, 1.7])
    assert legend(axes) == ["seg", "det", "det, reported"]
    assert {"1k", "weight of the loss"} <= set(texts(figure))


def test_a_method_without_weights_is_said(texts):
    assert "nothing to compare in these runs" in texts(
        task_weights(weights().assign(weight=np.nan))
    )
