from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainstudy.runs.readers.events import Evaluation, Skip, Target, Train
from trainstudy.runs.readers.scalars import read_scalars, survey

Write = Callable[..., Path]


def train(iteration: int, **more: object) -> dict[str, object]:
    return {"lr": 0.01, "loss": 0.5, "time": 0.3, "iter": iteration, "step": iteration, **more}


def val(step: object, miou: object = 40.0, **more: object) -> dict[str, object]:
    return {"aAcc": 90.0, "mIoU": miou, "mAcc": 50.0, "step": step, **more}


def read(path: Path) -> tuple[list[tuple[int, float]], list[tuple[int | None, str]]]:
    events = list(read_scalars(path, "percent"))
    found = [(one.iteration, one.miou) for one in events if isinstance(one, Evaluation)]
    return found, [(one.line, one.reason) for one in events if isinstance(one, Skip)]


def test_iterations(write: Write) -> None:
    path = write("scalars.json", [train(50), val(50, 31.5), train(100), val(100, 32.5)])
    assert read(path) == ([(50, 31.5), (100, 32.5)], [])
    assert Train(1, 50, 0.5, 0.01) in list(read_scalars(path, "percent"))


def test_names_with_their_mode(write: Write) -> None:
    prefixed = {f"train/{key}": value for key, value in train(50).items() if key != "step"}
    row = {"val/mIoU": 41.0, "val/aAcc": 80.0, "step": 50}
    assert read(write("scalars.json", [{**prefixed, "step": 50}, row])) == ([(50, 41.0)], [])


def epochs(length: int, number: int, every: int = 50) -> list[dict[str, object]]:
    """An epoch-based training: the position in the epoch is logged every ``every`` batches."""
    rows = []
    for epoch in range(1, number + 1):
        logged = range(every, length + 1, every)
        rows += [train((epoch - 1) * length + batch, epoch=epoch) for batch in logged]
        rows.append(val(epoch, 30.0 + epoch))
    return rows


def test_epochs_convert_where_their_length_is_proven(write: Write) -> None:
    path = write("scalars.json", epochs(length=100, number=60))
    assert survey(path) == (True, 100)
    assert read(path)[0] == [(100 * epoch, 30.0 + epoch) for epoch in range(1, 61)]


@pytest.mark.parametrize("length", [120, 130])
def test_epochs_are_never_iterations(write: Write, length: int) -> None:
    found, skipped = read(write("scalars.json", epochs(length, number=2)))
    assert found == []
    assert len(skipped) == 2
    assert "may count epochs" in skipped[0][1]


def test_a_changed_epoch_length_converts_nothing(write: Write) -> None:
    other = [train(500 + 200, epoch=2), train(500 + 400, epoch=3), val(3)]
    assert read(write("scalars.json", [*epochs(100, 5, 100), *other]))[0] == []


def test_step_0_is_placed_by_the_configured_interval(write: Write) -> None:
    path = write("scalars.json", [train(90), val(0, 31.0), train(150), val(0, 32.0), train(190)])
    assert read(path)[0] == []
    write(
        "config.py", "train_cfg = dict(max_iters=400, type='IterBasedTrainLoop', val_interval=90)"
    )
    assert read(path)[0] == [(90, 31.0), (180, 32.0)]
    assert Target(400) in list(read_scalars(path, "percent"))


@pytest.mark.parametrize(
    ("config", "step", "is_read"),
    [
        ("", 10_000, True),
        ("", 12, False),
        ("train_cfg = dict(type='IterBasedTrainLoop', max_iters=20)", 12, True),
        ("train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)", 12, False),
    ],
)
def test_without_training_lines(write: Write, config: str, step: int, is_read: bool) -> None:
    write("config.py", config)
    found, skipped = read(write("scalars.json", [val(step)]))
    assert bool(found) == is_read == (not skipped)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (val(100, float("nan")), "mIoU is not finite"),
        (val(100, float("inf")), "mIoU is not finite"),
        (val(100, -0.1), "mIoU is outside"),
        (val(100, 100.1), "mIoU is outside"),
        (val(100, True), "mIoU is not a number"),
        (val(100, "40.0"), None),
        (val(100, None), "mIoU is not a number"),
        (val(100, 10**400), "mIoU is impossible"),
        (val(99.5), "iteration is not a whole number"),
        (val(True), "iteration is not a whole number"),
        (val("100"), "iteration is not a whole number"),
        (val(-100), "iteration is not positive"),
        (val(10**30), "iteration is impossibly large"),
        ({"mDice": 60.0, "step": 100}, "validation without mIoU"),
        ({"aAcc": 60.0, "step": 100}, "validation without mIoU"),
        ({"memory": 3}, "neither a training nor a validation line"),
        ([1, 2], "line is JSON but not an object"),
        (3, "line is JSON but not an object"),
        (train("x"), "iteration is not a whole number"),  # type: ignore[arg-type]
    ],
)
def test_unsound_lines(write: Write, row: Any, reason: str | None) -> None:
    found, skipped = read(write("scalars.json", [train(50), val(50), row, train(100), val(150)]))
    assert (50, 40.0) in found
    assert (150, 40.0) in found
    if reason:
        assert len(found) == 2
        assert [line for line, _ in skipped] == [3]
        assert skipped[0][1].startswith(reason)


def test_impossible_pixel_accuracy_is_left_out_alone(write: Write) -> None:
    events = list(read_scalars(write("s.json", [train(50), val(50, aAcc=120.0)]), "percent"))
    found = next(one for one in events if isinstance(one, Evaluation))
    assert found.miou == 40.0
    assert found.pixel_acc != found.pixel_acc
    assert found.note == "left out: pixel accuracy is outside 0 to 100 percent"
