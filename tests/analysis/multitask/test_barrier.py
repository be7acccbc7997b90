import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.multitask.barrier import COLUMNS, barriers, frame, summary
from trainstudy.analysis.multitask.transfer import INTERVAL

MEASURES = {"seg": "mIoU", "cls": "top1"}
PERCENT = st.floats(0, 100)


def path(seg, cls=None, seed=0, one="joint", other="seg,det,cls"):
    """A path through these scores at evenly spaced shares."""
    steps = len(seg) - 1
    points = [
        {"share": place / steps, "mIoU": a, "mAP50": 1.0, "top1": b}
        for place, (a, b) in enumerate(zip(seg, cls or seg, strict=True))
    ]
    return {"one": one, "other": other, "seed": seed, "split": "val", "points": points}


def found(*paths):
    return barriers(frame(paths, MEASURES))


def test_a_row_for_every_network_and_task():
    rows = frame([path([40.0, 30.0, 20.0], [90.0, 91.0, 92.0], seed=3)], MEASURES)
    assert list(rows.columns) == COLUMNS
    assert rows.iloc[3].tolist() == ["joint", "seg,det,cls", 3, 0.5, "cls", 91.0]
    assert len(rows) == 6
    assert frame([], MEASURES).empty


def test_the_barrier_by_hand():
    table = found(path([40.0, 20.0, 29.0, 12.0, 0.0], [50.0, 60.0, 70.0, 80.0, 90.0]))
    seg, cls = table.to_dict("records")
    assert (seg["task"], seg["barrier"], seg["share"]) == ("seg", 10.0, 0.25)
    assert cls["barrier"] == 0
    assert np.isnan(cls["share"])


@given(start=PERCENT, end=PERCENT, inner=st.lists(PERCENT, min_size=1, max_size=6))
def test_it_is_never_negative_and_the_same_from_both_ends(start, end, inner):
    scores = [start, *inner, end]
    forth, back = (found(path(way))["barrier"][0] for way in (scores, scores[::-1]))
    assert forth == pytest.approx(back, abs=1e-9)
    assert 0 <= forth <= max(start, end) - min(start, end, *inner) + 1e-9


@given(scores=st.lists(PERCENT, min_size=3, max_size=8), inner=PERCENT)
def test_what_lies_on_or_above_the_line_is_no_barrier(scores, inner):
    line = np.linspace(scores[0], scores[-1], len(scores))
    above = np.clip(np.maximum(scores, line), 0, 100)
    assert found(path(above.tolist()))["barrier"][0] == pytest.approx(0, abs=1e-9)


def test_the_order_of_rows_changes_nothing():
    rows = frame([path([40.0, 10.0, 30.0, 20.0]), path([1.0, 2.0, 0.0, 2.0], seed=1)], MEASURES)
    shuffled = barriers(rows.sample(frac=1, random_state=1))
    keys = ["seed", "task"]
    one, other = (t.sort_values(keys, ignore_index=True) for t in (barriers(rows), shuffled))
    assert one.equals(other)


def test_means_have_their_interval_over_seeds():
    paths = [path([10.0, 10.0 - depth, 10.0], seed=seed) for seed, depth in enumerate((1, 2, 3))]
    table = summary(found(*paths, path([10.0, 3.0, 10.0], other="cls")))
    assert list(table.columns) == ["one", "other", "task", *INTERVAL]
    many, single = table.iloc[0], table.iloc[2]
    half = 4.302652729911275 / np.sqrt(3)  # Student's t with two degrees of freedom
    assert many[INTERVAL].tolist() == pytest.approx([2, 2 - half, 2 + half, 3])
    assert (single["other"], single["value"], single["n"]) == ("cls", 7, 1)
    assert np.isnan(single["low"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda points: points.pop(), r"seed 0: shares \[0.0, 0.5\]"),
        (lambda points: points.append(points[1]), r"shares \[0.0, 0.5, 1.0, 0.5\]"),
        (lambda points: points[1].pop("top1"), "seed 0: top1 at share 0.5 is None"),
        (lambda points: points[1].update(mIoU=101.0), "mIoU at share 0.5 is 101"),
        (lambda points: points[1].update(mIoU=float("nan")), "mIoU at share 0.5 is nan"),
    ],
)
def test_a_path_that_is_none_is_told_by_its_name(change, message):
    made = path([1.0, 2.0, 3.0])
    change(made["points"])
    with pytest.raises(ValueError, match=rf"path from 'joint' to 'seg,det,cls', .*{message}"):
        frame([made], MEASURES)
