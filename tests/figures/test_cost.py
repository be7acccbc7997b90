import numpy as np
import pandas as pd

from trainstudy.figures.cost import cost_benefit


def cost(*gains: float) -> pd.DataFrame:
    gains = np.array(gains)
    frame = {"compute_multiple": 2.0 + np.arange(len(gains)), "gain": gains}
    return pd.DataFrame(frame | {"low": gains - 0.1, "high": gains + 0.2})


def test_a_line_each_way_of_counting_and_crosses_for_the_report(texts, legend):
    told = pd.DataFrame({"compute_multiple": [2, 4], "gain": [1.1, 1.2]})
    figure = cost_benefit({"from 80k": cost(1, 2), "from 90k": cost(0.5, 1.5)}, told)
    (axes,) = figure.axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1, 2], [0.5, 1.5], [1.1, 1.2]]
    assert legend(axes) == ["from 80k", "from 90k", "reported"]
    assert {"from 80k", "gain (mIoU points)"} <= set(texts(figure))


def test_losses_are_within_the_axes():
    for gains, lowest in (((1, 2), 0), ((-1, -2), -2)):
        (axes,) = cost_benefit({"a": cost(*gains)}).axes
        assert axes.get_ylim()[0] <= lowest
        assert axes.get_ylim()[1] >= max(gains)


def test_costs_without_gains_say_so(texts):
    empty = cost(np.nan, np.nan)
    assert "nothing to compare in these runs" in texts(cost_benefit({"a": empty}))
    assert "nothing to compare in these runs" not in texts(cost_benefit({"a": empty, "b": cost(1)}))


def test_the_axes_say_what_they_are_told(texts):
    figure = cost_benefit({"a": cost(1)}, names=("iterations", "gain (points)"))
    assert {"iterations", "gain (points)"} <= set(texts(figure))
