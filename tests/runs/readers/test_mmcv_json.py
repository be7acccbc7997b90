from collections.abc import Callable
from pathlib import Path

import pytest

from trainstudy.runs.readers.events import Evaluation, Skip, Target, Train
from trainstudy.runs.readers.mmcv_json import read_mmcv_json

Write = Callable[..., Path]
ITERATIONS = """norm_cfg = dict(type='SyncBN')
runner = dict(type='IterBasedRunner', max_iters=8000)
evaluation = dict(interval=4000, metric='mIoU', pre_eval=True)"""
EPOCHS = """runner = dict(type='EpochBasedRunner', max_epochs=80)
evaluation = dict(interval=1, metric='mIoU')"""


def head(config: str) -> dict[str, object]:
    return {"env_info": "sys.platform: linux", "seed": 0, "exp_name": "a.py", "config": config}


def train(iteration: int, epoch: int = 1) -> dict[str, object]:
    return {"mode": "train", "epoch": epoch, "iter": iteration, "lr": 0.01, "loss": 1.5}


# `iter` is the number of validation batches here
VAL = {"mode": "val", "epoch": 1, "iter": 500, "lr": 0.0, "aAcc": 0.9, "mIoU": 0.48, "mAcc": 0.6}


def read(path: Path) -> list[int]:
    events = read_mmcv_json(path, "percent")
    return [one.iteration for one in events if isinstance(one, Evaluation)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([train(4000), VAL, train(4050)], [4000]),  # newer mmcv logs the training line first
        ([train(3950), VAL, train(4050)], [4000]),  # older ones only the validation
        ([train(4000), VAL], [4000]),
        ([train(7950), VAL], [8000]),
        ([train(3900), VAL], []),
        ([train(100), VAL, train(8000)], [4000]),
        ([train(100), VAL, VAL, train(7950)], []),
        ([VAL], []),
    ],
)
def test_only_proven_iterations(write: Write, rows: list[object], expected: list[int]) -> None:
    assert read(write("a.log.json", [head(ITERATIONS), *rows])) == expected


def test_what_else_a_file_says(write: Write) -> None:
    rows = [head(ITERATIONS), {"hook_msgs": {}}, train(4000), VAL]
    events = list(read_mmcv_json(write("a.log.json", rows), "percent"))
    assert events[:2] == [Target(8000), Train(3, 4000, 1.5, 0.01)]
    assert events[2] == Evaluation(4, 4000, 0.48, 0.9, in_fractions=True)
    assert len(events) == 3


@pytest.mark.parametrize("rows", [[head(EPOCHS)], []])
def test_epochs_and_missing_configurations_give_nothing(write: Write, rows: list[object]) -> None:
    path = write("a.log.json", [*rows, train(500), VAL, train(500, epoch=2), VAL])
    events = list(read_mmcv_json(path, "percent"))
    assert {type(event) for event in events} == {Skip}
    assert len(events) == 4
