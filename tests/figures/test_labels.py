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
    means = errors.lines[0]
    assert (means.get_xdata().tolist(), list(means.get_ydata())) == ([2.0, -1.5], [0, 1])
    assert {"a", "b", "error / its noise"} <= set(texts(figure))
