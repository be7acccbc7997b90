import json

import pytest

from trainstudy.generation import domains as unpaired
from trainstudy.generation.parameters import TrainCycleGAN, TrainTSIT
from trainstudy.generation.run import prepare, train_prepared
from trainstudy.parameters import ParameterError
from trainstudy.runs.identity import ScheduleMismatchError
from trainstudy.runs.record import METRICS, RUN, read_metrics


@pytest.fixture
def go(tmp_path, domains, monkeypatch):
    """Train on tiny sets that stand for the streets."""
    monkeypatch.setattr(unpaired, "load", lambda *_: domains)

    def train(model=TrainCycleGAN, **given):
        values = {"width": 2, "depth": 1, "batch_size": 2, "crop": [32, 32], "device": "cpu"}
        values |= {"until": 4, "interval": 2, "runs_root": str(tmp_path / "runs")}
        return train_prepared(prepare(model.checked(**values | given)), quiet=True)

    return train


@pytest.mark.parametrize("model", [TrainCycleGAN, TrainTSIT])
def test_resumed_equals_uninterrupted_to_the_bit(go, model, tmp_path):
    """Batch norm's statistics, spectral norm's vectors and both sides' moments included."""
    whole = go(model)
    parts = [go(model, until=until, runs_root=str(tmp_path / "parts")) for until in (2, 4)]
    assert parts[0] == parts[1]
    assert parts[0].name == whole.name
    assert (parts[0] / METRICS).read_bytes() == (whole / METRICS).read_bytes()
    records = [json.loads((folder / RUN).read_text()) for folder in (parts[0], whole)]
    assert records[0]["checkpoint"] == records[1]["checkpoint"]
    assert [(start["from"], start["to"]) for start in records[0]["starts"]] == [(0, 2), (2, 4)]


def test_the_record_says_what_was_done(go, domains):
    folder = go()
    record = json.loads((folder / RUN).read_text())
    assert record["spec"] == {
        "method": "cyclegan", "dataset": "streets-new_town", "target": "night",
        "schedule": "constant:warmup=0", "seed": 0,
    }  # fmt: skip
    assert folder.name.endswith(record["identity"][:8])
    assert record["inputs"]["learning_rate"] == 2e-4
    assert record["inputs"]["weights"]["cycle"] == 10
    for role, part in domains.parts.items():
        assert record["data"][role]["sha256"] == record["inputs"][role] == part.fingerprint
    assert record["starts"][0]["versions"]["torch"]
    assert [row["real"] for row in read_metrics(folder, "exposure")] == [8, 8]


def test_what_is_done_is_left_alone_and_what_differs_is_another_run(go):
    folder = go()
    before = (folder / RUN).read_bytes()
    assert go(until=2) == folder
    assert (folder / RUN).read_bytes() == before
    assert len({folder, go(seed=1), go(learning_rate=1e-3), go(TrainTSIT)}) == 4
    with pytest.raises(FileExistsError, match="parameter 'resume'"):
        go(resume=False)
    with pytest.raises(ScheduleMismatchError, match="'constant:warmup=0', asked now is 'poly:"):
        go(schedule="poly:end=4")


def test_a_crop_that_the_network_cannot_take_is_refused_before_any_work(go, tmp_path):
    for model, crop, accepted in (
        (TrainCycleGAN, [34, 32], "multiples of 4 from 32"),
        (TrainCycleGAN, [16, 32], "multiples of 4 from 32"),
        (TrainTSIT, [32, 32], "multiples of 32 from 64"),
    ):
        with pytest.raises(ParameterError, match=f"parameter 'crop': .*{accepted}"):
            go(model, crop=crop, depth=5)
    assert not (tmp_path / "runs").exists()
