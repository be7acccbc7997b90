import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainstudy.runs.identity import ScheduleMismatchError
from trainstudy.runs.record import METRICS, RunInUseError, exclusive, read_metrics
from trainstudy.segmentation import run


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


def test_a_start_that_failed_leaves_its_trace(go, monkeypatch):
    def dies(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run, "iterate", dies)
        with pytest.raises(KeyboardInterrupt):
            go()
    starts = json.loads((go() / "run.json").read_text())["starts"]
    assert [(start["from"], start["to"]) for start in starts] == [(None, None), (0, 6)]
    assert all(start["device"] == "cpu" and start["began"] for start in starts)


def test_the_record_says_how_far_a_start_got_that_left_none(go, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(run.EnergyMeter, "joules", lambda _: 1 / 0)  # after the last checkpoint
        with pytest.raises(ZeroDivisionError):
            go(until=6)
    record = json.loads((go(until=4) / "run.json").read_text())
    assert record["iteration"] == record["checkpoint"]["iteration"] == 6
    assert [(start["from"], start["to"]) for start in record["starts"]] == [(None, None), (6, 6)]


def test_asking_for_what_is_done_trains_nothing(go):
    folder = go()
    before = (folder / "run.json").read_bytes()
    assert go(until=4) == folder
    assert (folder / "run.json").read_bytes() == before


def test_another_schedule_is_refused_with_both_shown(go):
    go(schedule="constant")
    with pytest.raises(ScheduleMismatchError, match="'constant:warmup=0', asked now is 'poly:"):
        go(schedule="poly:end=12", until=12)
    fresh = go(schedule="poly:end=12", resume=False)
    assert go(schedule="poly:end=12", until=8) == fresh


def test_without_resume_an_existing_run_is_left_alone(go):
    folder = go()
    with pytest.raises(FileExistsError, match=r"parameter 'resume': .* exists already"):
        go(resume=False)
    assert len(losses(folder)) == 6


def test_a_run_in_use_is_refused(go):
    folder = go()
    with exclusive(folder), pytest.raises(RunInUseError, match="being trained by another process"):
        go(until=8)


def test_strategies_that_do_the_same_are_replicates_and_seeds_too(go, monkeypatch, tmp_path):
    def record(**given):
        return json.loads((go(**given) / "run.json").read_text())

    base, seed = record(), record(seed=1)
    assert base["identity"] != seed["identity"]
    assert base["replicate_of"] == seed["replicate_of"]
    monkeypatch.setattr(run.strategies, "get", lambda name: run.strategies.Strategy())
    renamed = record(strategy="std_randaugment", runs_root=str(tmp_path / "renamed"))
    assert renamed["identity"] == base["identity"]


def test_training_at_the_floor_is_said(go):
    with pytest.warns(UserWarning, match="iterations 4 to 6 train at its floor"):
        go(schedule="poly:end=4")


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
