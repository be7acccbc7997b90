import numpy as np
import pandas as pd
import pytest

from trainstudy.figures.labels import label_errors


@pytest.mark.parametrize("z", [[0.5, 1.5, -2.0, -4.0], [np.nan] * 4], ids=["known", "no noise"])
def test_a_row_a_reading_with_its_mean(texts, z):
    fits = pd.DataFrame(
        {"hypothesis": ["b", "b", "a", "a"], "error": [1.0, 3.0, -1.0, -2.0], "z": z}
    )
    figure = label_errors(fits)
    errors, _ = figure.axes
    bars = [line for line in errors.lines if line.get_marker() == "|"]
    assert [(*bar.get_xdata(), *bar.get_ydata()) for bar in bars] == [(2.0, 0), (-1.5, 1)]
    for place, name in enumerate("ba"):
        (dots,) = [
            line
            for line in errors.lines
            if list(line.get_xdata()) == list(fits["error"][fits["hypothesis"] == name])
        ]
        assert (abs(dots.get_ydata() - place) < 0.5).all()
    assert {"a", "b", "error / its noise"} <= set(texts(figure))
