"""Every benchmark from its arguments to its rows, in this process and with tiny steps."""

import importlib
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from benchmarks import _common, _ours, multitask_study, training_speed
from benchmarks._common import Speed, Workload
from benchmarks._mmengine import Setting
from benchmarks._results import compare, load
from benchmarks.peer_quality import noise_floor
from benchmarks.training_speed import Case

ONE = ["--models", "segformer_b0"]
CPU = ["--device", "cpu"]


@pytest.fixture
def measure(tiny_data, tmp_path, monkeypatch):
    """Run a benchmark without processes of its own; the rows by name."""

    def run(name, *words):
        module = importlib.import_module(f"benchmarks.{name}")
        for place in (_common, module):
            monkeypatch.setattr(place, "fresh", lambda f, *given, device: f(*given), raising=False)
        module.main([*words, "--quick", "--results", str(tmp_path)])
        rows = {row.name: row for row in load(tmp_path / f"{name}.json")}
        assert all(row.ours > 0 and row.theirs > 0 for row in rows.values())
        assert all(row.command.startswith(f"python -m benchmarks.{name} ") for row in rows.values())
        return rows

    return run


def test_training_speed(measure):
    kept = ["--kept", "/of/this/machine"]
    rows = measure("training_speed", *kept, *ONE, *CPU, "--augmentations", "photometric")
    steady, between = rows.values()
    assert "machine" not in steady.command, "where something is kept is no part of it"
    assert steady.name == "segformer_b0, photometric"
    assert steady.details["ours_each"] == [steady.ours]
    assert steady.details["theirs_screened"].keys() == {"0 workers, float32"}
    assert between.ours <= steady.ours
    assert between.theirs < steady.theirs


def test_what_does_not_fit_into_the_budget_is_said(measure, capsys):
    words = [*ONE, *CPU, "--augmentations", "plain", "--budget", "0"]
    with pytest.raises(FileNotFoundError):
        measure("training_speed", *words)
    assert "left out: segformer_b0, plain, measured 0 times" in capsys.readouterr().out


def test_what_one_call_has_compiled_the_next_one_finds(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "restored afterwards")
    asked = []

    def fresh_all(function, calls, at_once, device):
        asked.append([case.model for case, _ in calls])
        return [Speed(1.0, 60.0 + len(asked), 0, device) for _ in calls]

    monkeypatch.setattr(training_speed, "fresh_all", fresh_all)
    one, other = ({name: Workload(name)} for name in ("one", "other"))
    folder = tmp_path / "kept"
    assert training_speed.compiled(one, folder, "cuda") == {"one": 61}
    assert training_speed.compiled(one, folder, "cuda") == {"one": 61}
    assert training_speed.compiled(one | other, folder, "cuda") == {"one": 61, "other": 62}
    assert asked == [["one"], ["other"]]
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"] == str(folder)


def test_resume_cost(measure):
    rows = measure("resume_cost", *ONE, *CPU, "--workers", "0")
    assert [*rows] == [f"segformer_b0, resumed at iteration {n}" for n in ("100", "1,000,000")]
    early, late = rows.values()
    assert late.theirs > early.theirs, "mmengine draws a million batches again"
    assert late.details["theirs_starting_the_data_anew"][0] < late.theirs


def test_packed(measure):
    (row,) = measure("packed", *ONE, *CPU, "--batches", "2", "--crops", "32x48").values()
    assert row.name == "segformer_b0, batch 2, 32x48, 2 runs"


def test_cpu_speed(measure, capsys):
    rows = measure("cpu_speed", *ONE, "--crops", "32x32", "--threads", "1")
    assert [*rows] == ["segformer_b0, batch 4, 32x32, 1 threads"]
    with pytest.raises(SystemExit):
        measure("cpu_speed", "--device", "cuda")
    assert "this benchmark is of the CPU" in capsys.readouterr().err


def test_peer_quality(measure):
    given = ["--iterations", "2", "--seeds", "2", "--at-once", "1"]
    (row,) = measure("peer_quality", *ONE, *CPU, *given).values()
    assert len(set(row.details["ours_each"])) == len(set(row.details["theirs_each"])) == 2


def test_multitask_latency(measure):
    rows = measure("multitask_latency", "--models", "mobilenetv3_small", *CPU)
    parameters, latency = rows.values()
    assert parameters.theirs < parameters.ours < 8
    assert latency.name == "mobilenetv3_small, 64x64, cpu"


def test_multitask_study(measure):
    rows = measure("multitask_study", *CPU)
    study, joint, *_ = rows.values()  # and the energy, on a CPU that tells
    assert (study.name, joint.name) == (
        "efficientnet_lite0, 3 ways, 1 seed, cpu", "efficientnet_lite0, joint, 1 seed, cpu",
    )  # fmt: skip
    each = study.details["theirs_each"]
    assert len(each) == 5
    assert sum(each.values()) < study.theirs
    assert joint.ours == pytest.approx(each["joint"], rel=0.01)


def test_joint_training_measured_without_the_study(measure):
    rows = measure("multitask_study", *CPU, "--joint")
    assert next(iter(rows)) == "efficientnet_lite0, joint, 1 seed, cpu"
    assert not any("3 ways" in name for name in rows)


def test_energy_is_a_row_where_the_device_tells(measure, monkeypatch):
    cells = dict.fromkeys(multitask_study.CELLS, 10.0)
    joules = {"joint": 300.0, **dict.fromkeys(multitask_study.SINGLE, 200.0)}
    found = multitask_study.Measured(100.0, 150.0, cells, joules, 60.0, "a GPU")
    monkeypatch.setattr(multitask_study, "measure", lambda *_: found)
    study, joint, energy = measure("multitask_study", *CPU).values()
    assert (energy.ours, energy.theirs) == (300, 600)
    assert energy.unit.startswith("J ")
    assert study.ratio == 1.5
    assert joint.details["compile_seconds"] == 60
    unknown = replace(found, joules={**joules, "single:det": None})
    monkeypatch.setattr(multitask_study, "measure", lambda *_: unknown)
    assert len(measure("multitask_study", *CPU, "--models", "another")) == 2 + 3


SAMPLE = st.lists(st.integers(0, 1000), min_size=3, max_size=5, unique=True)


@given(SAMPLE, SAMPLE)
def test_a_difference_at_the_noise_floor_is_just_significant(one, other):
    shift = np.mean(one) - np.mean(other) + noise_floor(one, other)
    assert ttest_ind(one, np.array(other) + shift).pvalue == pytest.approx(0.05)


def test_rows_of_a_gpu(monkeypatch):
    monkeypatch.setattr(_ours, "operations", lambda workload: 5 * 10**12)
    kernels = {"convolutions and matrix products": 6.0, "copies": 2.0, "idle": 2.0}
    case = Case("m, plain", Workload("m"), {Setting(): 4.0})
    case.ours = [Speed(20.0, 1.0, 3 * 10**9, "gpu", 0.5, kernels)]
    case.theirs = [Speed(5.0, 1.0, 6 * 10**9, "gpu", 2.0)]

    def row(*values, **more):
        return compare(*values, device="gpu", command="python -m benchmarks.x", **more)

    steady, between, memory = case.rows(row, compiling=60.0)
    assert (steady.ratio, between.ours) == (4.0, pytest.approx(1000 / 50.5, rel=1e-3))
    assert (memory.ours, memory.ratio) == (3.0, 2.0)
    operations, *kinds = case.profile(row, matrix=5e14)
    assert (operations.ours, operations.theirs, operations.ratio) == (100.0, 500.0, 0.2)
    assert [one.ratio for one in kinds] == [0.6, 0.2, 0.2]
