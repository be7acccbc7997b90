from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trainstudy.runs.readers import read_runs
from trainstudy.runs.readers.events import Evaluation, Skip, Target, UnsoundError
from trainstudy.runs.readers.run_record import read_names, read_run_record

Write = Callable[[str, Iterable[object] | str], Path]
SPEC = {"strategy": "std_randaugment", "dataset": "streets", "model": "pspnet_r18", "seed": 1}
METRICS = [
    {"iteration": 10, "kind": "train", "loss": 1.0, "lr": 0.01},
    {"iteration": 10, "kind": "exposure", "real": 20, "generated": 0},
    {"iteration": 10, "kind": "val", "mIoU": 0.7, "aAcc": 50.0},
    {"iteration": 20, "kind": "train", "loss": 0.9, "lr": 0.005},
    {"iteration": 20, "kind": "val", "mIoU": 22.0, "aAcc": 60.0},
]


def test_a_run_and_its_torn_last_line(write: Write) -> None:
    write("runs/a/run.json", [{"spec": {**SPEC, "until": 40}}])
    path = write("runs/a/metrics.jsonl", METRICS)
    path.write_text(path.read_text() + '{"iteration": 30, "kind": "val", "mIoU": 23.')
    write("runs/b/run.json", [{"spec": SPEC}])
    reading = read_runs(path.parent.parent)
    rows = reading.curves
    assert rows[["iteration", "mIoU", "pixel_acc"]].to_numpy().tolist() == [
        [10.0, 0.7, 50.0],
        [20.0, 22.0, 60.0],
    ]
    assert set(rows["strategy"] + rows["split"]) == {"std_randaugmentval"}
    assert reading.runs[["run", "state", "target"]].fillna(0).to_numpy().tolist() == [
        ["a", "running", 40],
        ["b", "pending", 0],
    ]
    assert reading.skipped[["file", "line", "reason"]].to_numpy().tolist() == [
        ["a/metrics.jsonl", 6, "last line is cut short"]
    ]


@pytest.mark.parametrize(
    "content", ['{"spec": {"strat', '{"spec": 3}', '{"spec": {"model": 1}}', None]
)
def test_without_a_whole_run_json_nothing_is_named(write: Write, content: str | None) -> None:
    path = write("runs/a/metrics.jsonl", METRICS)
    if content is not None:
        write("runs/a/run.json", content)
    with pytest.raises(UnsoundError, match=r"run\.json"):
        read_names(path.parent)
    reading = read_runs(path.parent.parent)
    assert reading.curves.empty
    assert reading.skipped["reason"].str.contains("run.json").tolist() == [True]


def test_lines_out_of_order(write: Write) -> None:
    path = write(
        "metrics.jsonl",
        [
            {"kind": "val", "iteration": 5, "mIoU": 3, "split": "night"},
            {"kind": "val"},
            {"kind": 1},
        ],
    )
    write("run.json", [{"until": 7}])
    events = list(read_run_record(path, "fraction"))
    assert events[0] == Target(7)
    assert [type(event) for event in events[1:]] == [Skip] * 3
    write("metrics.jsonl", [{"kind": "val", "iteration": 5, "mIoU": 3, "split": "test"}])
    (_, found) = read_run_record(path, "fraction")
    assert isinstance(found, Evaluation)
    assert (*found[1:3], found.split) == (5, 3.0, "test")
