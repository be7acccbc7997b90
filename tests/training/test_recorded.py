import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from trainstudy.runs.identity import ScheduleMismatchError
from trainstudy.runs.record import CHECKPOINTS, METRICS, RUN, RunInUseError, read_metrics
from trainstudy.training import checkpoint, recorded
from trainstudy.training.checkpoint import Checkpoint
from trainstudy.training.loop import train
from trainstudy.training.recorded import Run, contents, iterate_run
from trainstudy.training.turns import exhaust


@dataclass(frozen=True)
class Given:
    runs: Path
    schedule: str = "constant"
    seed: int = 0
    until: int = 6
    interval: int = 2
    resume: bool = True
    device: str = "cpu"


@dataclass(frozen=True)
class Made(Run):
    """A training of the toy, which may start with the weights of another."""

    parameters: Given
    make: type
    part: object
    before: Checkpoint | None = None

    @property
    def title(self):
        return "toy"

    def effective(self):
        origin = self.before.sums if self.before else None
        given = self.parameters
        return {"schedule": given.schedule, "seed": given.seed, "sizes": (4, 8), "origin": origin}

    def described(self):
        sets = {"train": self.part, "generated": None}
        return {"spec": {"schedule": self.parameters.schedule}, "data": contents(sets)}

    def build(self, device):
        return self.make()

    def origin_for(self, task):
        if self.before is None:
            return None
        weights = {"model": self.before.tensors["model"]}
        return replace(self.before, iteration=0, tensors=weights), {"sha256": self.before.sums}


@pytest.fixture
def make(toy, tiny_set, tmp_path):
    def made(before=None, **given):
        return Made(Given(**{"runs": tmp_path / "runs"} | given), toy.Toy, tiny_set(4), before)

    return made


@pytest.fixture
def go(make):
    """Train; the run's folder."""
    return lambda *which, planned=False, **given: exhaust(
        iterate_run(make(*which, **given), planned=planned, quiet=True)
    )


def record(folder):
    return json.loads((folder / RUN).read_text())


@pytest.mark.parametrize("stops", [(6,), (2, 6), (3, 4, 6)])
def test_the_record_of_a_run_in_parts_tells_of_each_and_ends_the_same(go, make, tmp_path, stops):
    whole = go(runs=tmp_path / "whole")
    for until in stops:
        folder = go(until=until)
    told, whole_told = record(folder), record(whole)
    assert [s["from"] for s in told["starts"]] == [0, *stops[:-1]]
    assert [s["to"] for s in told["starts"]] == list(stops)
    assert all(s["seconds"] > 0 and s["versions"]["torch"] for s in told["starts"])
    assert folder.name == whole.name
    assert folder.name == f"toy-constant-s0-{told['identity'][:8]}"
    assert {**told, "starts": 0} == {**whole_told, "starts": 0}
    assert told["inputs"] == make().inputs == {**make().effective(), "sizes": [4, 8]}
    assert told["data"] == {
        "train": {
            "name": "tiny", "images": 4, "sha256": make().part.fingerprint,
            "classes": ["dark", "middle", "light"],
        },
    }  # fmt: skip


def test_seeds_are_replicates_and_schedules_are_not(make):
    base = make()
    assert make(seed=1).replicate_of == base.replicate_of
    assert make(seed=1).folder != base.folder
    assert make(schedule="poly:end=6").replicate_of != base.replicate_of


def test_a_stage_starts_with_the_weights_of_another_run_and_nothing_else(go, make, toy):
    first = go()
    before = checkpoint.load(first / CHECKPOINTS / "iter_6")
    stage = go(before, until=2)
    assert stage != first
    assert record(stage)["origin"] == {"sha256": before.sums}
    assert record(stage)["starts"][0]["from"] == 0
    alone = toy.Toy()  # its optimizer remembers nothing
    alone.module.load_state_dict(before.tensors["model"])
    by_hand = stage.parent / "by hand"
    by_hand.mkdir()
    train(alone, by_hand, make(until=2).plan, quiet=True)
    assert (stage / METRICS).read_bytes() == (by_hand / METRICS).read_bytes()


def test_a_start_that_failed_leaves_its_trace_and_what_it_started_from(go, monkeypatch):
    before = checkpoint.load(go() / CHECKPOINTS / "iter_6")

    def dies(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(recorded, "iterate", dies)
        with pytest.raises(KeyboardInterrupt):
            go(before)
    told = record(go(before))
    assert told["origin"] == {"sha256": before.sums}
    assert [(start["from"], start["to"]) for start in told["starts"]] == [(None, None), (0, 6)]
    assert all(start["device"] == "cpu" and start["began"] for start in told["starts"])


def test_what_could_not_be_built_is_no_run(go, make, monkeypatch):
    run = make()
    with monkeypatch.context() as patched:
        patched.setattr(Made, "build", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            go()
        assert not (run.folder / RUN).exists()
    go(until=2)
    with monkeypatch.context() as patched:
        patched.setattr(Made, "origin_for", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            go(until=4)
    assert record(run.folder)["iteration"] == 2  # a run that was there stays


def test_what_was_to_be_kept_for_good_is_kept_by_a_longer_start_too(go, make, monkeypatch):
    plan = Run.plan.fget
    with monkeypatch.context() as patched:
        patched.setattr(Made, "plan", property(lambda run: replace(plan(run), budgets={3})))
        folder = go()
    go(until=12)
    kept = {path.name for path in (folder / CHECKPOINTS).iterdir()}
    assert "iter_3" in kept
    assert {"iter_2", "iter_4"}.isdisjoint(kept)
    assert record(folder)["budgets"] == [3]


def test_the_record_says_how_far_a_start_got_that_left_none(go, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(recorded.EnergyMeter, "joules", lambda _: 1 / 0)  # after the last save
        with pytest.raises(ZeroDivisionError):
            go(until=6)
    told = record(go(until=4))
    assert told["iteration"] == told["checkpoint"]["iteration"] == 6
    assert [(start["from"], start["to"]) for start in told["starts"]] == [(None, None), (6, 6)]


def test_what_is_done_is_left_alone_until_it_is_damaged(go):
    folder = go()
    before = (folder / RUN).read_bytes()
    assert go(until=4) == folder
    assert (folder / RUN).read_bytes() == before
    (folder / METRICS).write_bytes(b"")
    with pytest.warns(UserWarning, match="passed over"):
        go()
    assert [row["iteration"] for row in read_metrics(folder, "val")] == [2, 4, 6]


def test_another_schedule_is_refused_with_both_shown_unless_it_was_planned(go):
    go()
    with pytest.raises(ScheduleMismatchError, match="'constant', asked now is 'poly:end=12'"):
        go(schedule="poly:end=12", until=12)
    assert go(schedule="poly:end=12", until=8, planned=True).exists()
    fresh = go(schedule="poly:end=14", resume=False)
    assert go(schedule="poly:end=14", until=8) == fresh


def test_without_resume_an_existing_run_is_left_alone(go):
    folder = go()
    with pytest.raises(FileExistsError, match=r"parameter 'resume': .* exists already"):
        go(resume=False, until=8)
    assert read_metrics(folder, "train")[-1]["iteration"] == 6


def test_a_run_in_use_is_refused_and_one_that_was_given_up_is_not(go, make):
    started = iterate_run(make(until=8), quiet=True)
    next(started)
    with pytest.raises(RunInUseError, match="being trained by another process"):
        go(until=8)
    started.close()
    assert record(go(until=8))["iteration"] == 8


def test_training_at_the_floor_is_said_but_where_it_was_planned(go, tmp_path):
    with pytest.warns(UserWarning, match="iterations 4 to 6 train at its floor"):
        go(schedule="poly:end=4")
    go(schedule="poly:end=4", runs=tmp_path / "planned", planned=True)  # a warning is an error


@pytest.mark.parametrize("below", [".", "deeper/still"])
def test_a_file_where_the_run_folders_should_be_is_named(go, tmp_path, below):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^parameter 'runs_root': \S+/file is a file"):
        go(runs=tmp_path / "file" / below)
