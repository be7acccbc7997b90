import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from trainstudy.data import generated
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.runs.record import CHECKPOINTS, METRICS, read_metrics
from trainstudy.segmentation import run
from trainstudy.training.checkpoint import sha256


def losses(folder):
    return [(row["iteration"], row["loss"], row["lr"]) for row in read_metrics(folder, "train")]


def test_resumed_equals_uninterrupted_to_the_bit(go, tmp_path):
    whole = go(strategy="std_randaugment")
    other = str(tmp_path / "other")
    parts = [go(strategy="std_randaugment", until=n, runs_root=other) for n in (2, 4, 6)]
    assert len(set(parts)) == 1
    assert parts[0].name == whole.name
    assert losses(parts[0]) == losses(whole)
    record = json.loads((parts[0] / "run.json").read_text())
    assert [(start["from"], start["to"]) for start in record["starts"]] == [(0, 2), (2, 4), (4, 6)]
    assert record["checkpoint"] == json.loads((whole / "run.json").read_text())["checkpoint"]


def test_the_record_says_what_was_done(go):
    folder = go()
    record = json.loads((folder / "run.json").read_text())
    assert record["spec"] == {
        "strategy": "none", "dataset": "streets", "model": "segformer_b0",
        "schedule": "constant:warmup=0", "seed": 0,
    }  # fmt: skip
    start = record["starts"][0]
    assert start["device"] == "cpu"
    assert start["seconds"] > 0
    assert start["versions"]["torch"]
    assert set(record["data"]) == {"train", "val"}
    assert len(record["data"]["train"]["sha256"]) == 64
    val = read_metrics(folder, "val")
    assert [row["iteration"] for row in val] == [2, 4, 6]
    assert (folder / "confusions" / "iter_6.npz").exists()


def test_the_record_says_what_became_of_a_manifest_s_rows(go, given, tmp_path):
    train = run.data.load("streets").train
    images = ((index, "night", 255 - image) for index, image in enumerate(train.images))
    manifest = generated.write(tmp_path / "made", train, images)
    with manifest.open("a") as rows:
        rows.write("night/elsewhere.png,elsewhere,elsewhere,night,tiny,night\n")
        rows.write("night/far.png,far,far,night,acdc,night\n")
    with pytest.warns(UserWarning, match="8 of 9 rows used"):
        folder = go(strategy="gen_TSIT", manifest=str(manifest), until=2)
    record = json.loads((folder / "run.json").read_text())
    assert record["manifest"] == {
        "path": str(manifest), "sha256": sha256(manifest), "used": 8, "originals": 8, "training": 8,
        "left_out": {"unknown original": 1}, "other_datasets": {"acdc": 1}, "namesakes": 0,
    }  # fmt: skip
    assert record["data"]["generated"]["images"] == 8
    assert json.loads((go(until=2) / "run.json").read_text())["manifest"] is None


def test_strategies_that_do_the_same_are_replicates_and_seeds_too(go, monkeypatch, tmp_path):
    def record(**given):
        return json.loads((go(**given) / "run.json").read_text())

    base, seed = record(), record(seed=1)
    assert base["identity"] != seed["identity"]
    assert base["replicate_of"] == seed["replicate_of"]
    monkeypatch.setattr(run.strategies, "get", lambda name: run.strategies.Strategy())
    renamed = record(strategy="std_randaugment", runs_root=str(tmp_path / "renamed"))
    assert renamed["identity"] == base["identity"]


def test_a_gpu_that_is_not_there_is_named(go, monkeypatch):
    monkeypatch.setattr(run.torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="parameter 'device': 'cuda' asked for"):
        go(device="cuda")


SCRIPT = """
import sys
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import train_segmentation
print(train_segmentation(TrainSegmentation.checked(
    dataset="streets-new_town", until=24, interval=6, batch_size=2, crop=[32, 32], device="cpu",
    learning_rate=1e-3, strategy="gen_albumentations_weather", runs_root=sys.argv[1]), quiet=True))
"""


def test_a_training_killed_and_resumed_equals_one_never_stopped(tmp_path):
    """The whole path with its own data, generated images included, under real SIGKILLs."""

    def start(root):
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, tmp_path / root],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    whole = start("whole")
    for lines in (4, 18):
        process = start("killed")
        while process.poll() is None and _lines(tmp_path / "killed") < lines:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "the kill must land while it trains"
    last = start("killed")
    assert last.wait() == 0
    assert whole.wait() == 0
    logs = [(Path(one.communicate()[0].strip()) / METRICS).read_bytes() for one in (whole, last)]
    assert logs[0] == logs[1]
    assert logs[0].count(b'"train"') == 24


def _lines(root):
    return sum(path.read_bytes().count(b"\n") for path in root.glob(f"*/{METRICS}"))


@pytest.fixture
def refused(given, tmp_path, monkeypatch):
    """Refuse these parameters with this message, and nothing left behind; ``early``: unloaded."""

    def check(message, *, early=True, **values):
        if early:
            monkeypatch.setattr(run.data, "load", None)
        with pytest.raises(ValueError, match=message):
            run.train_segmentation(given(**{"runs_root": str(tmp_path / "none")} | values))
        assert not (tmp_path / "none").exists()

    return check


def test_other_domains_of_the_same_images_are_another_run(go, monkeypatch, tiny_set):
    folder = go(until=2)
    val = tiny_set(4, seed=9)
    moved = replace(val, domains=val.domains[::-1])
    sets = SegmentationData(tiny_set(8), moved, crop=(32, 48))
    monkeypatch.setattr(run.data, "load", lambda *_: sets)
    for until in (2, 4):
        with pytest.raises(ValueError, match=f"^parameter 'dataset': {folder} has its scores by "):
            go(until=until)


@pytest.mark.parametrize("until", [1, 2])
def test_a_branch_that_leaves_nothing_to_train_is_refused(go, refused, narrow, until):
    origin = str(go(until=2) / CHECKPOINTS / "iter_2")
    message = f"^parameter 'until': {until} is not beyond iteration 2 of branch_from$"
    refused(message, branch_from=origin, until=until)


@pytest.mark.parametrize(("rate", "told"), [(6e-4, "0.0006"), (None, "6e-05")])
def test_a_floor_above_the_base_rate_is_refused(refused, rate, told):
    message = rf"^parameter 'schedule': .*, 1.0, is above 'learning_rate', {told}"
    refused(message, schedule="poly:end=3,floor=1.0", learning_rate=rate)


def test_runs_cannot_be_kept_in_a_file(refused, tmp_path):
    (tmp_path / "file").write_text("")
    refused(r"^parameter 'runs_root': \S+/file is a file", runs_root=str(tmp_path / "file"))


def test_what_the_model_cannot_be_trained_on_leaves_no_record(refused):
    refused("^parameter 'crop': ", early=False, crop=[7, 7])
