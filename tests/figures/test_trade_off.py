import numpy as np
import pandas as pd
import pytest

from trainstudy.figures.trade_off import trade_off

NAMES = {"own": "plasticity (%)", "forgetting": "forgetting (points)"}


def summary(cells, half=2.0):
    rows = [
        (cell, measure, value, value - half, value + half / 2)
        for place, cell in enumerate(cells)
        for measure, value in (("own", 40.0 + place), ("forgetting", 10.0 * place))
    ]
    return pd.DataFrame(rows, columns=["cell", "measure", "value", "low", "high"])


def drawn(figure):
    return [container.lines for container in figure.axes[0].containers]


def test_a_point_a_cell_with_its_intervals(texts, legend):
    figure = trade_off(summary(["joint", "b", "a"]), "own", "forgetting", NAMES)
    points = drawn(figure)
    assert [line.get_xydata()[0].tolist() for line, *_ in points] == [[40, 0], [41, 10], [42, 20]]
    across, up = points[1][2]
    assert across.get_segments()[0].tolist() == [[39, 10], [42, 10]]
    assert up.get_segments()[0].tolist() == [[41, 8], [41, 11]]
    assert legend(figure.axes[0]) == ["joint", "b", "a"]
    assert set(NAMES.values()) <= set(texts(figure))


def test_more_cells_than_colours_stay_apart():
    points = drawn(trade_off(summary([f"c{i}" for i in range(20)]), "own", "forgetting", NAMES))
    assert len({(line.get_color(), line.get_marker()) for line, *_ in points}) == 20


@pytest.mark.parametrize("missing", ["value", ["low", "high"]])
def test_no_measure_is_no_point_and_no_interval_no_bar(texts, missing):
    table = summary(["joint", "a"])
    table.loc[1, missing] = np.nan  # joint forgets nothing that is defined
    figure = trade_off(table, "own", "forgetting", NAMES)
    assert len(drawn(figure)) == (1 if missing == "value" else 2)
    assert texts(figure)


def test_nothing_to_draw_is_said(texts):
    for table in (summary([]), summary(["a"])[lambda t: t["measure"] == "own"]):
        figure = trade_off(table, "own", "forgetting", NAMES)
        assert "nothing to compare in these runs" in texts(figure)
