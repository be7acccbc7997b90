import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._common import Arguments, Clock, Window, Workload, crop, fresh, workload

CPU = Workload("segformer_b0", device="cpu")


@given(st.integers(1, 5), st.integers(1, 5))
def test_a_window_opens_after_the_skipped_and_is_full_after_its_count(skip, count):
    clock = Clock(Window(skip, count, seconds=60), CPU)
    assert [clock.tick() for _ in range(skip + count)] == [False] * (skip + count - 1) + [True]
    assert clock.speed().rate > 0


def test_a_window_ends_after_its_seconds():
    clock = Clock(Window(skip=2, count=10**6, seconds=0), CPU)
    assert [clock.tick() for _ in range(3)] == [False, False, True]


def test_a_process_of_its_own_sees_no_gpu_where_the_cpu_is_asked_for(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert fresh(os.getenv, "CUDA_VISIBLE_DEVICES", device="cpu") == ""
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "0"


def test_the_command_repeats_the_run_and_tells_nothing_of_the_machine(tmp_path):
    arguments = Arguments("packed", None, ["pspnet_r18"])
    given = arguments.read(["--results", str(tmp_path), "--models", "a", "b", "--quick"])
    assert given.command == "python -m benchmarks.packed --models a b --quick"
    assert given.path == tmp_path / "packed.json"
    assert workload(given, "a", batch_size=8).batch_size == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--quick"], "--results"),
        (["--device", "tpu"], "invalid choice: 'tpu'"),
        (["--crop", "320"], "invalid crop value: '320'"),
    ],
)
def test_wrong_arguments_are_named(words, message, capsys):
    arguments = Arguments("packed", None, [])
    arguments.add_argument("--crop", type=crop)
    with pytest.raises(SystemExit):
        arguments.read(words)
    assert message in capsys.readouterr().err
