import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trainstudy.runs.record import METRICS, read_metrics
from trainstudy.runs.selection import best
from trainstudy.training import checkpoint
from trainstudy.training.exposure import ExposureError
from trainstudy.training.loop import train
from trainstudy.training.task import Batch


def weights(folder: Path, iteration: int) -> dict[str, torch.Tensor]:
    return checkpoint.load(folder / "checkpoints" / f"iter_{iteration}").tensors


def assert_same(one: Path, other: Path, iteration: int) -> None:
    assert (one / METRICS).read_bytes() == (other / METRICS).read_bytes()
    a, b = weights(one, iteration), weights(other, iteration)
    for group in ("model", "optimizer"):
        assert a[group].keys() == b[group].keys()
        assert all(torch.equal(a[group][key], b[group][key]) for key in a[group])


@pytest.fixture
def whole(toy, tmp_path):
    """The folder of a run of 40 iterations that nothing interrupted."""
    folder = tmp_path / "whole"
    folder.mkdir()
    train(toy.Toy(), folder, toy.plan(40), quiet=True)
    return folder


def test_every_iteration_is_recorded_once_with_its_rate(whole, toy):
    rows = read_metrics(whole, "train")
    assert [row["iteration"] for row in rows] == list(range(1, 41))
    schedule = toy.plan(40).schedule
    assert [row["lr"] for row in rows] == [schedule.rate(0.01, i) for i in range(1, 41)]
    assert [row["iteration"] for row in read_metrics(whole, "val")] == list(range(5, 41, 5))


@pytest.mark.parametrize("stop", [5, 20, 35])
def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(whole, toy, tmp_path, stop):
    folder = tmp_path / "parts"
    folder.mkdir()
    train(toy.Toy(), folder, toy.plan(stop), quiet=True)
    start, _ = train(toy.Toy(), folder, toy.plan(40), quiet=True)
    assert start == stop
    assert_same(whole, folder, 40)


def test_a_killed_run_goes_on_as_if_it_had_not_been_killed(whole, tmp_path):
    folder = tmp_path / "killed"
    folder.mkdir()
    script = Path(__file__).with_name("toy.py")
    done = subprocess.run(
        [sys.executable, script, folder, "40", "5"], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 5, "the kills must have landed while it trained"
    assert_same(whole, folder, 40)


def test_a_damaged_checkpoint_costs_one_interval_and_a_warning(whole, toy, tmp_path):
    folder = tmp_path / "damaged"
    folder.mkdir()
    train(toy.Toy(), folder, toy.plan(20), quiet=True)
    path = folder / "checkpoints" / "iter_20" / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with pytest.warns(UserWarning, match=r"iter_20.*SHA-256"):
        start, _ = train(toy.Toy(), folder, toy.plan(40), quiet=True)
    assert start == 15
    assert_same(whole, folder, 40)


def test_a_shortened_log_is_noticed_and_trained_again(whole, toy, tmp_path):
    folder = tmp_path / "cut"
    folder.mkdir()
    train(toy.Toy(), folder, toy.plan(20), quiet=True)
    log = folder / METRICS
    log.write_bytes(log.read_bytes()[:-40])
    with pytest.warns(UserWarning, match="does not reach it"):
        start, _ = train(toy.Toy(), folder, toy.plan(40), quiet=True)
    assert start == 15
    assert_same(whole, folder, 40)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_its_checkpoint(toy, tmp_path):
    task = toy.Toy()
    sound = task.loss
    task.loss = lambda batch: sound(batch) * (float("nan") if batch.names[0] == "8" else 1)
    with pytest.raises(ValueError, match=r"iteration 8: train value 'loss' is nan"):
        train(task, tmp_path, toy.plan(40), quiet=True)
    assert [path.name for path in checkpoint.paths(tmp_path / "checkpoints")] == ["iter_5"]


def test_checkpoints_at_budgets_stay(toy, tmp_path):
    train(toy.Toy(), tmp_path, toy.plan(40, budgets=frozenset({10}), keep=2), quiet=True)
    kept = [checkpoint.iteration_of(path) for path in checkpoint.paths(tmp_path / "checkpoints")]
    assert kept == [10, 35, 40]


def test_generated_images_that_never_arrive_fail_the_run(toy, tmp_path):
    task = toy.Toy()
    task.ratio = 0.5
    with pytest.raises(ExposureError, match="of 30 images since iteration 0 none was generated"):
        train(task, tmp_path, toy.plan(40), quiet=True)


def test_exposure_counts_the_batches(toy, tmp_path):
    task = toy.Toy()
    task.ratio = 0.5
    plain = task.batch

    def mixed(iteration):
        batch = plain(iteration)
        return Batch(batch.images, batch.labels, list("aabbcd"), [True, False] * 3)

    task.batch = mixed
    train(task, tmp_path, toy.plan(10), quiet=True)
    rows = [json.dumps(row) for row in read_metrics(tmp_path, "exposure")]
    expected = {"kind": "exposure", "real": 15, "generated": 15, "distinct": 4}
    assert [json.loads(row) for row in rows] == [
        {"iteration": 5, "since": 0, **expected},
        {"iteration": 10, "since": 5, **expected},
    ]


def test_a_look_saves_between_intervals_and_is_not_kept(toy, tmp_path):
    train(toy.Toy(), tmp_path, toy.plan(20, looks=frozenset({1, 3})), quiet=True)
    assert [row["iteration"] for row in read_metrics(tmp_path, "val")] == [1, 3, 5, 10, 15, 20]
    kept = [checkpoint.iteration_of(path) for path in checkpoint.paths(tmp_path / "checkpoints")]
    assert kept == [15, 20]


def test_what_a_step_measures_is_recorded_under_its_names(toy, tmp_path):
    task = toy.Toy()
    task.measures = ("loss", "double")
    sound = task.backward
    task.backward = lambda loss: torch.stack([sound(loss), 2 * loss.detach()])
    train(task, tmp_path, toy.plan(10), quiet=True)
    rows = read_metrics(tmp_path, "train")
    assert [row["double"] for row in rows] == [2 * row["loss"] for row in rows]


def test_a_tasks_own_factor_is_in_the_recorded_rate(toy, tmp_path):
    task = toy.Toy()
    task.factor = lambda iteration: 0.1 if iteration > 5 else 1.0
    train(task, tmp_path, toy.plan(10, schedule="constant"), quiet=True)
    rates = [row["lr"] for row in read_metrics(tmp_path, "train")]
    assert rates == pytest.approx([0.01] * 5 + [0.001] * 5)


def test_an_origin_without_an_optimizer_gives_its_weights_alone(whole, toy, tmp_path):
    found = checkpoint.load(whole / "checkpoints" / "iter_40")
    origin = replace(found, iteration=0, tensors={"model": found.tensors["model"]})
    start, _ = train(toy.Toy(), tmp_path, toy.plan(5), origin=origin, quiet=True)
    assert start == 0
    fresh = weights(tmp_path, 5)["optimizer"]
    steps = [value for name, value in fresh.items() if name.endswith("step")]
    assert steps
    assert all(step.item() == 5 for step in steps)
    assert read_metrics(tmp_path, "train")[0]["loss"] < read_metrics(whole, "train")[0]["loss"]


def test_the_checkpoints_chosen_so_far_stay(toy, tmp_path):
    task, values = toy.Toy(), iter([3, 9, 9, 5, 2, 4, 1, 8])
    sound = task.evaluate
    task.evaluate = lambda: replace(sound(), values={"mIoU": float(next(values))})
    train(
        task, tmp_path, toy.plan(40, keep=1, chosen=lambda rows: {best(rows, "mIoU")}), quiet=True
    )
    kept = [checkpoint.iteration_of(path) for path in checkpoint.paths(tmp_path / "checkpoints")]
    assert kept == [10, 40]
