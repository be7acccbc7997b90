import pandas as pd
import pytest

from trainstudy.figures.peaks import peak_places

PEAKS = pd.DataFrame({
    "configuration": ["a", "b", "c"], "peak_iteration": [300, 100, 200],
    "within_noise_from": [250, 100, 50],
})  # fmt: skip


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_rows_are_ordered_by_the_place_of_the_peak(texts, rows):
    figure = peak_places(PEAKS.iloc[:rows], None, 320)
    (axes,) = figure.axes
    order = PEAKS.iloc[:rows].sort_values("peak_iteration", ascending=False)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == order["configuration"].tolist()
    spans = [path.vertices[:, 0].tolist() for path in axes.collections[0].get_paths()]
    assert spans == order[["within_noise_from", "peak_iteration"]].to_numpy().tolist()
    assert {"last budget", "peak, recomputed"} <= set(texts(figure))


def test_labels_of_the_report_stand_in_their_row(legend):
    told = pd.DataFrame({"configuration": ["b", "unknown"], "label": [450, 9]})
    (axes,) = peak_places(PEAKS, told, None).axes
    (crosses,) = [line for line in axes.lines if "report" in line.get_label()]
    assert (list(crosses.get_xdata()), list(crosses.get_ydata())) == ([450], [2])
    assert "last budget" not in legend(axes)


def test_no_peaks_say_so(texts):
    assert "nothing to compare in these runs" in texts(peak_places(PEAKS.iloc[:0], None, 320))
