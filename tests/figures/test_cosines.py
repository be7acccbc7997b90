import numpy as np
import pandas as pd

from trainstudy.figures.cosines import cosine_curves


def cosines(cells=("joint", "seg,det,cls")):
    rows = [
        (cell, seed, total, pair, level + seed / 10 - total / 10_000)
        for cell in cells for seed in (0, 2) for total in (1000, 2000)
        for pair, level in (("seg–det", 0.1), ("seg–cls", -0.1))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["cell", "seed", "total", "pair", "cosine"])


def test_a_panel_a_cell_and_a_line_a_pair(texts, legend):
    figure = cosine_curves(cosines(), ["joint", "other", "seg,det,cls"])
    assert len(figure.axes) == 2
    for axes in figure.axes:
        first, second, zero = axes.lines
        np.testing.assert_allclose(first.get_xdata(), [1000, 2000])
        np.testing.assert_allclose(first.get_ydata(), [0.1, 0.0], atol=1e-9)
        assert first.get_color() != second.get_color()
        assert set(zero.get_ydata()) == {0}
        band = axes.collections[0].get_paths()[0].vertices[:, 1]
        np.testing.assert_allclose([band.min(), band.max()], [-0.1, 0.2])
    assert legend(figure) == ["seg–det", "seg–cls"]
    assert {"joint", "seg,det,cls", "cosine", "2k"} <= set(texts(figure))


def test_pairs_that_a_cell_lacks_keep_their_colours_in_the_other():
    found = cosines()
    found = found[(found["cell"] == "joint") | (found["pair"] == "seg–cls")]
    joint, sequence = cosine_curves(found, ["joint", "seg,det,cls"]).axes
    assert joint.lines[1].get_color() == sequence.lines[0].get_color()


def test_nothing_to_draw_is_said(texts):
    assert "nothing to compare in these runs" in texts(cosine_curves(cosines(), ["unknown"]))
