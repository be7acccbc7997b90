import pytest

from trainstudy.figures.style import to_svg
from trainstudy.figures.training import domain_scores, training_curves


def rows(until: int, every: int = 1) -> list[dict]:
    return [
        {"iteration": at, "loss": 1 / at, "lr": 0.1, "mIoU": 40.0 + at}
        for at in range(every, until + 1, every)
    ]


@pytest.mark.parametrize("names", ["a", "ab", "abcdefghi"])
def test_loss_rate_and_score_of_every_run(texts, names):
    runs = {f"run {name}": (rows(6), rows(6, 3)) for name in names}
    figure = training_curves(runs, {"stopped": 3})
    for axes, points in zip(figure.axes, (6, 6, 2), strict=True):
        lines = [line for line in axes.lines if line.get_label() in runs]
        assert [len(line.get_xdata()) for line in lines] == [points] * len(names)
    widths = [line.get_linewidth() for line in figure.axes[0].lines if line.get_label() in runs]
    assert widths == sorted(widths, reverse=True)
    words = texts(figure)
    assert {"stopped", "loss", "rate", "iterations"} <= set(words)
    assert ("run a" in words) == (len(names) > 1)


def test_a_training_before_its_first_validation_is_drawn(texts):
    assert "loss" in texts(training_curves({"a": (rows(2), [])}, {}))
    assert "loss" in texts(training_curves({"a": ([], [])}, {}))


def test_equal_trainings_give_equal_bytes():
    one, again = (training_curves({"a": (rows(6), rows(6, 3))}, {"stopped": 3}) for _ in "ab")
    assert to_svg(one, "a", "alt") == to_svg(again, "a", "alt")


def test_domains_are_named_from_the_best_on(legend):
    val = [{"iteration": at, "domains": {"clear_day": 50.0 - at, "night": 40.0}} for at in (5, 20)]
    (axes,) = domain_scores(val).axes
    assert legend(axes) == ["night", "clear day"]
    assert axes.lines[1].get_ydata().tolist() == [45.0, 30.0]
