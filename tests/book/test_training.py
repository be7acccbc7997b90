import json

import pytest

from trainstudy.book import training
from trainstudy.parameters import ParameterError


@pytest.fixture
def run(tmp_path):
    """A maker of run folders with the given losses."""

    def make(name: str, losses: list[float], sums: str = "ab" * 32):
        folder = tmp_path / name
        folder.mkdir()
        lines = [
            {"iteration": place, "kind": "train", "loss": loss, "lr": 0.1}
            for place, loss in enumerate(losses, start=1)
        ]
        lines.append({"iteration": len(losses), "kind": "val", "mIoU": 50.0})
        exposure = {"since": 0, "real": 6, "generated": 2, "distinct": 3}
        lines.append({"iteration": len(losses), "kind": "exposure", **exposure})
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / "metrics.jsonl").write_text(text)
        record = {
            "spec": {"strategy": "none", "model": "<m>"},
            "iteration": len(losses),
            "data": {"train": {"images": 1234, "sha256": "cd" * 32}},
            "starts": [{"device": "cpu"}],
            "checkpoint": {"sha256": {"model.safetensors": sums}},
        }
        (folder / "run.json").write_text(json.dumps(record))
        return folder

    return make


def test_equal_trainings_differ_nowhere(run):
    experiment = training.Experiment(run("a", [3.0, 2.0]), run("b", [3.0, 2.0]), {})
    text = repr(training.comparison(experiment))
    assert "loss: 0 of 2 values differ" in text
    assert "mIoU: 0 of 1 values differ" in text
    assert "the same SHA-256" in text


def test_a_difference_in_the_last_bit_is_told(run):
    other = run("b", [3.0, 2.0000000000000004], sums="ef" * 32)
    text = repr(training.comparison(training.Experiment(run("a", [3.0, 2.0]), other, {})))
    assert "loss: 1 of 2 values differ" in text
    assert "another SHA-256" in text


def test_the_summary_tells_what_was_seen_and_escapes_names(run):
    shown = training.summary(run("a", [3.0, 2.0]))._repr_html_()
    assert "1,234" in shown
    assert "&lt;m&gt;" in shown
    assert "<m>" not in shown


def test_stopping_after_the_kill_is_an_error_before_any_work(tmp_path):
    parameters = training.StopAndResume.checked(stop=30, kill=20, runs_root=str(tmp_path / "runs"))
    with pytest.raises(ParameterError, match="'stop', 'kill', 'until'"):
        training.stop_and_resume(parameters)
    assert not (tmp_path / "runs").exists()
