from collections.abc import Callable
from pathlib import Path

import pytest

from trainstudy.runs.readers.events import Evaluation, Skip, Target, Train
from trainstudy.runs.readers.text_log import read_text_log

Write = Callable[..., Path]
STAMP = "2026/01/17 10:00:00 - mmengine - INFO - "
CONFIG = f"""{STAMP}Config:
train_cfg = dict(
    max_iters=20000, type='IterBasedTrainLoop', val_interval=6666)  # val_interval=5000
"""
RESULT = "  aAcc: 91.5000  mIoU: {:.4f}  mAcc: 55.1000  data_time: 0.0013  time: 0.0191\n"


def train(iteration: int) -> str:
    values = "base_lr: 1.0000e-02 lr: 9.0000e-03  eta: 1:00:00  time: 0.3  loss: 0.4100"
    return f"{STAMP}Iter(train) [{iteration:>5}/20000]  {values}  decode.loss_ce: 0.2\n"


def val(miou: float) -> str:
    progress = f"{STAMP}Iter(val) [500/500]    eta: 0:00:00  time: 0.1  data_time: 0.0  \n"
    return progress + f"{STAMP}Iter(val) [500/500]  " + RESULT.format(miou)


def read(path: Path) -> tuple[list[tuple[int, float]], list[str]]:
    events = list(read_text_log(path, "percent"))
    found = [(one.iteration, one.miou) for one in events if isinstance(one, Evaluation)]
    return found, [one.reason for one in events if isinstance(one, Skip)]


def test_interval_between_training_lines(write: Write) -> None:
    text = CONFIG + train(6650) + val(31) + train(6700) + train(13300) + val(32) + train(13350)
    path = write("a.log", text)
    assert read(path) == ([(6666, 31.0), (13332, 32.0)], [])
    assert Train(4, 6650, 0.41, 0.009) in list(read_text_log(path, "percent"))
    assert Target(20000) in list(read_text_log(path, "percent"))


def test_last_validation_is_at_the_end(write: Write) -> None:
    assert read(write("a.log", CONFIG + train(20000) + val(33)))[0] == [(20000, 33.0)]
    even = CONFIG.replace("6666", "5000")
    assert read(write("b.log", even + train(19950) + val(33)))[0] == [(20000, 33.0)]


def test_log_that_stops_after_an_undecided_validation(write: Write) -> None:
    found, skipped = read(write("a.log", CONFIG + train(13300) + val(31)))
    assert found == []
    assert "do not determine it" in skipped[0]


def test_saving_a_checkpoint_names_the_iteration(write: Write) -> None:
    saved = f"{STAMP}Saving checkpoint at 10000 iterations\n"
    assert read(write("a.log", train(10000) + saved + val(31)))[0] == [(10000, 31.0)]
    assert read(write("b.log", saved + train(10050) + val(31)))[0] == []
    assert read(write("c.log", CONFIG + saved + val(31) + train(10050)))[0] == []


def test_resume_bounds_the_first_validation(write: Write) -> None:
    resumed = f"{STAMP}resumed epoch: 0, iter: 6666\n"
    found = read(write("a.log", CONFIG + resumed + val(31) + train(13350)))[0]
    assert found == [(13332, 31.0)]


def test_a_second_start_in_the_same_file(write: Write) -> None:
    longer = CONFIG.replace("6666", "1000")
    text = (
        CONFIG + train(6650) + val(31) + train(6700) + longer + train(950) + val(29) + train(1050)
    )
    assert read(write("a.log", text))[0] == [(6666, 31.0), (1000, 29.0)]


def test_epochs(write: Write) -> None:
    lines = [f"{STAMP}Epoch(train)  [{e}][ 50/120]  lr: 1e-2  loss: 0.1\n" for e in (1, 2)]
    result = f"{STAMP}Epoch(val) [{{}}][60/60]  " + RESULT.format(44)
    assert read(write("a.log", lines[0] + result.format(1)))[0] == [(120, 44.0)]
    assert read(write("b.log", result.format(1)))[0] == []
    resumed = f"{STAMP}resumed epoch: 1, iter: 500\n"
    assert read(write("c.log", resumed + lines[1] + result.format(2)))[0] == [(620, 44.0)]
    longer = lines[1].replace("120", "240")
    assert read(write("d.log", lines[0] + longer + result.format(2)))[0] == []


def test_mmcv_era(write: Write) -> None:
    stamp = "2021-06-01 10:00:00,123 - mmseg - INFO - "
    config = f"{stamp}Config:\nevaluation = dict(interval=4000, metric='mIoU', pre_eval=True)\n"
    runner = "runner = dict(type='IterBasedRunner', max_iters=8000)\n"
    lines = f"{stamp}Iter [4000/8000]\tlr: 9.9e-03, eta: 1:00, loss: 2.3010\n"
    result = f"{stamp}Iter(val) [500]\taAcc: 0.9012, mIoU: 0.4812, mAcc: 0.6\n"
    events = list(read_text_log(write("a.log", config + runner + lines + result), "percent"))
    found = [one for one in events if isinstance(one, Evaluation)]
    assert [(one.iteration, one.miou, one.in_fractions) for one in found] == [(4000, 0.4812, True)]
    assert Train(4, 4000, 2.301, 0.0099) in events


def test_a_test_counts_for_the_checkpoint_it_loaded(write: Write) -> None:
    loaded = f"{STAMP}Load checkpoint from /w/iter_16000.pth\n"
    result = f"{STAMP}Iter(test) [500/500]  " + RESULT.format(50)
    events = list(read_text_log(write("a.log", loaded + result), "percent"))
    assert [(*one[1:3], one.split) for one in events if isinstance(one, Evaluation)] == [
        (16000, 50.0, "test")
    ]
    assert read(write("b.log", f"{STAMP}Load checkpoint from /w/best.pth\n" + result))[0] == []
    assert read(write("c.log", loaded + train(50) + result))[0] == []


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (f"{STAMP}Iter(val) [500/500]  aAcc: 91.5  mIoU: 3", "cut short"),
        (f"{STAMP}Iter(val) [500/500]  aAcc: 91.5000  mIoU: nan  mAcc: 5\n", "not finite"),
        (f"{STAMP}Iter(val) [500/500]  aAcc: 91.5000  mIoU: -3.0  mAcc: 5\n", "outside"),
        (f"{STAMP}Iter(val) [500/500]  aAcc: 91.5000  mDice: 30.0  \n", "without mIoU"),
        (f"{STAMP}Iter(val) [500/500]  mIoU: 3{STAMP}Iter(val) [500/500]  mIoU: 30.0 \n", "mixes"),
        (f"{STAMP}Iter(val) [500/\n", "header is cut short"),
        (f"{STAMP}Iter(val) [500/500]  mIoU: 3\0\0\0.0  \n", "not text"),
        ("x" * 2**21 + "\n", "longer"),
    ],
)
def test_broken_lines_are_named(write: Write, broken: str, reason: str) -> None:
    found, skipped = read(write("a.log", CONFIG + train(6650) + val(31) + train(6700) + broken))
    assert found == [(6666, 31.0)]
    assert len(skipped) == 1
    assert reason in skipped[0]


def test_other_text_and_other_encodings(write: Write, tmp_path: Path) -> None:
    assert read(write("a.log", "pip install\ndone\n"))[1] == [
        "no training or validation line of mmengine or mmcv"
    ]
    text = CONFIG + train(6650) + val(31) + train(6700)
    (tmp_path / "b.log").write_text(text, encoding="utf-16")
    assert read(tmp_path / "b.log")[0] == [(6666, 31.0)]
    (tmp_path / "c.log").write_bytes(b"work_dir = '/home/Andr\xe9'\n" + text.encode())
    assert read(tmp_path / "c.log")[0] == [(6666, 31.0)]
