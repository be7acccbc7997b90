"""From the arguments to the rows; the processes are this one, so two are as fast as one."""

import pytest

from benchmarks import two_gpus
from benchmarks._results import load
from trainstudy.segmentation import worker
from trainstudy.training.launch import ProcessError


def test_speeds_and_partings(tiny_data, tmp_path, monkeypatch):
    launched = []

    def here(work, processes, device, *arguments):
        launched.append(processes)
        work(*arguments)

    for module in (two_gpus, worker):
        monkeypatch.setattr(module, "launch", here)
    monkeypatch.setattr(two_gpus, "fresh", lambda work, *given, device: work(*given))
    words = ["--models", "segformer_b0", "--batches", "2", "--device", "cpu", "--quick"]
    two_gpus.main([*words, "--results", str(tmp_path)])
    speed, losses, score = load(tmp_path / "two_gpus.json")
    assert launched == [1, 2, 2]
    assert speed.name == "segformer_b0, batch 2, two GPUs"
    assert speed.ours > 0
    assert losses.name == "segformer_b0, 2 iterations on two GPUs, losses"
    assert losses.ours == losses.theirs == score.ours == score.theirs == 0


def test_a_capture_that_fails_is_said(tiny_data, tmp_path, monkeypatch, capsys):
    def speed(case, gpus, window, compiled, captured):
        if captured:
            raise ProcessError("process 0 of 2: no")
        return two_gpus.Speed(gpus * 10.0, 1.0, 0, "gpu")

    monkeypatch.setattr(two_gpus, "speed", speed)
    monkeypatch.setattr(two_gpus, "fresh", lambda _, case, gpus, *more, device: CURVES[gpus])
    words = ["--models", "m", "--batches", "8", "--captured", "--results", str(tmp_path)]
    two_gpus.main(words)
    said = capsys.readouterr().out
    assert "m, batch 8, two GPUs, captured: failed, process 0 of 2: no" in said
    speed, losses, score = load(tmp_path / "two_gpus.json")
    assert speed.ratio == 2
    assert (losses.ours, score.ours) == (0.25, pytest.approx(3))


CURVES = {1: ([4.0, 2.0], 40.0), 2: ([4.0, 2.5], 37.0)}
