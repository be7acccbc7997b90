import numpy as np
import pandas as pd
import pytest

from trainstudy.figures.gains import gains_by_configuration, phase_gains

PHASES = [(90_000, 160_000), (160_000, 240_000), (240_000, 320_000)]


def means(*values: float) -> pd.DataFrame:
    values = np.array(values)
    return pd.DataFrame({
        "start": [start for start, _ in PHASES], "end": [end for _, end in PHASES],
        "mean_gain": values, "low": values - 0.1, "high": values + 0.2, "noise_floor": 0.05,
        "n": 21,
    })  # fmt: skip


def single(names: str = "abc", phases: int = 3) -> pd.DataFrame:
    rows = [
        {"configuration": f"s/d/{name}", "start": start, "end": end, "gain": 0.1 * place,
         "noise_floor": 0.05}
        for place, name in enumerate(names)
        for start, end in PHASES[:phases]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["configuration", "start", "end", "gain", "noise_floor"])


def test_phases_means_and_intervals_stand_where_they_belong(texts):
    figure = phase_gains(means(0.7, 0.4, -0.1), {PHASES[0]: 0.75, (1, 2): 9.0})
    (axes,) = figure.axes
    dots, crosses = axes.lines[0], axes.lines[-2]
    assert dots.get_ydata().tolist() == [0.7, 0.4, -0.1]
    assert (list(crosses.get_xdata()), list(crosses.get_ydata())) == ([0], [0.75])
    assert crosses.get_label() == "reported"
    assert [bar.get_height() for bar in axes.patches] == [0.05] * 3
    (bars,) = axes.collections[0].get_paths()[:1]
    assert bars.vertices[:, 1] == pytest.approx([0.6, 0.9])
    words = " ".join(texts(figure))
    assert "90k→160k" in words
    assert "n = 21" in words


def test_a_mean_without_an_interval_has_no_bar():
    gains = means(0.7, 0.4, 0.1).assign(low=np.nan, high=np.nan, noise_floor=np.nan)
    (axes,) = phase_gains(gains, {}).axes
    assert not [
        path for path in axes.collections[0].get_paths() if np.isfinite(path.vertices).all()
    ]


def test_phases_without_pairs_say_so(texts):
    assert "nothing to compare in these runs" in texts(phase_gains(means(*[np.nan] * 3), {}))


@pytest.mark.parametrize("phases", [1, 2, 3])
def test_a_panel_a_phase_and_a_row_a_configuration(texts, legend, phases):
    told = pd.DataFrame({
        "configuration": ["s/d/b", "other/d/b"], "start": 90_000, "end": 160_000, "gain": 0.3
    })  # fmt: skip
    figure = gains_by_configuration(single(phases=phases), told)
    assert len(figure.axes) == phases
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["s/d/c", "s/d/b", "s/d/a"]
    (crosses,) = [line for line in figure.axes[0].lines if line.get_label() == "reported"]
    assert (list(crosses.get_xdata()), list(crosses.get_ydata())) == ([0.3], [1])
    assert sorted(legend(figure)) == ["recomputed, noise", "reported"]
    assert "gain (mIoU points)" in texts(figure)


def test_the_report_is_named_only_where_it_is_drawn(legend):
    late = pd.DataFrame({
        "configuration": ["s/d/a"], "start": 240_000, "end": 320_000, "gain": 0.3
    })  # fmt: skip
    assert "reported" in legend(gains_by_configuration(single(), late))
    for told in (None, late.iloc[:0], late.assign(configuration="x")):
        assert legend(gains_by_configuration(single(), told)) == ["recomputed, noise"]


def test_no_configuration_says_so(texts):
    assert "nothing to compare in these runs" in texts(gains_by_configuration(single("")))
