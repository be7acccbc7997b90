import pandas as pd
import pytest

from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.figures.barrier import barrier_paths
from trainstudy.figures.style import ink

SHARES = (0.0, 0.5, 1.0)


def paths(seeds=(0, 2), shares=SHARES):
    """Forty at one end, twenty at the other, ten between; a seed adds its number."""
    rows = [
        ("joint", "seg,det,cls", seed, share, task, (40.0 - 20 * share if share % 1 == 0 else 10)
         + seed)
        for seed in seeds for share in shares for task in METRICS
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["one", "other", "seed", "share", "task", "score"])


def lines(axes):
    return [(list(line.get_xdata()), list(line.get_ydata()), line) for line in axes.lines]


def test_a_line_a_seed_their_mean_and_the_dotted_line_between_its_ends(texts):
    figure = barrier_paths(paths(), METRICS)
    assert len(figure.axes) == 3
    for axes in figure.axes:
        *seeds, (x, y, straight), (across, mean, thick) = lines(axes)
        assert [(list(x), list(y)) for x, y, _ in seeds] == [
            (list(SHARES), [40, 10, 20]), (list(SHARES), [42, 12, 22]),
        ]  # fmt: skip
        assert (x, y) == ([0, 1], [41, 21])
        assert (straight.get_linestyle(), straight.get_color()) == (":", ink())
        assert (across, mean) == (list(SHARES), [41, 11, 21])
        assert all(line.get_linewidth() < thick.get_linewidth() for *_, line in seeds)
    assert {"joint", "seg,det,cls", "mIoU (%)"} <= set(texts(figure))


def test_a_colour_a_task():
    colours = [axes.lines[0].get_color() for axes in barrier_paths(paths(), METRICS).axes]
    assert len(set(colours)) == 3


def test_the_mean_is_over_the_points_that_all_seeds_have():
    finer = (0.0, 0.25, 0.5, 1.0)
    both = pd.concat([paths(seeds=(0,)), paths(seeds=(2,), shares=finer)], ignore_index=True)
    for axes in barrier_paths(both, METRICS).axes:
        one, other, _, mean = lines(axes)
        assert (one[0], other[0], mean[0]) == (list(SHARES), list(finer), list(SHARES))


@pytest.mark.parametrize("seeds", [(), (7,)])
def test_one_seed_is_drawn_and_none_is_said(texts, seeds):
    words = texts(barrier_paths(paths(seeds=seeds), METRICS))
    assert ("nothing to compare in these runs" in words) == (not seeds)
