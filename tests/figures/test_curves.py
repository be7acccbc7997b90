import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.figures.curves import learning_curves, thousands, with_lines
from trainstudy.runs.curves import frame


def curves(datasets: str, models: str, runs: str = "a", splits: tuple[str, ...] = ("test",)):
    return frame([
        {"strategy": "none", "dataset": f"City {dataset}", "model": f"m{model}", "run": run,
         "split": split, "iteration": at, "mIoU": 40.0 + at, "source": "x"}
        for dataset in datasets for model in models for run in runs for split in splits
        for at in (1, 2, 3)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("datasets", "models", "runs"), [("A", "a", "a"), ("AB", "ab", "a"), ("ABC", "abcdefghi", "ab")]
)
def test_a_panel_a_data_set_and_a_line_a_run(texts, datasets, models, runs):
    figure = learning_curves(with_lines(curves(datasets, models, runs)), marks=(1, 3))
    words = texts(figure)
    assert [axes.get_title() for axes in figure.axes] == [f"City {name}" for name in datasets]
    for axes in figure.axes:
        drawn = [line for line in axes.lines if len(line.get_xdata()) == 3]
        assert len(drawn) == len(models) * len(runs)
        assert len([line for line in axes.lines if line.get_linestyle() == ":"]) == 2
    assert (f"m{models[0]}" in words) == (len(models) > 1)
    assert 6.4 <= figure.get_figwidth() < 8  # whatever the number of panels; the legend adds some


def test_lines_tell_runs_and_splits_apart():
    made = with_lines(curves("A", "ab", "xy", ("test", "val")))
    assert made["line"].nunique() == 2 * 2 * 2
    assert (made.groupby("line")["iteration"].nunique() == 3).all()


@given(st.integers(1, 10**7))
def test_thousands_are_short_and_reversible(iteration):
    text = thousands(iteration)
    value = float(text.removesuffix("k")) * (1000 if text.endswith("k") else 1)
    assert value == pytest.approx(iteration, rel=1e-5)


def test_thousands_of_ticks():
    assert list(map(thousands, (0, 250, 999, 1000, 80_000, 1500))) == [
        "0", "250", "999", "1k", "80k", "1.5k",
    ]  # fmt: skip
    assert pd.Series([80_000]).map(thousands).tolist() == ["80k"]
