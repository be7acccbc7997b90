import json
import signal
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.runs.record import (
    METRICS,
    RUN,
    MetricsLog,
    RunInUseError,
    ends_at,
    exclusive,
    read_metrics,
    read_record,
)


def write(path, iterations, size=0):
    with MetricsLog(path, size) as log:
        for iteration in iterations:
            log.append(iteration, "train", loss=1 / iteration, lr=0.1)
        return log.commit()


def test_lines_are_read_by_kind_in_order_and_to_the_bit(tmp_path):
    with MetricsLog(tmp_path / METRICS) as log:
        log.append(1, "train", loss=0.1 + 0.2, lr=1e-4)
        log.append(1, "val", mIoU=12.5, domains={"night": 3.0})
        log.append(2, "train", loss=0.5, lr=1e-4)
    losses = [(row["iteration"], row["loss"]) for row in read_metrics(tmp_path, "train")]
    assert losses == [(1, 0.1 + 0.2), (2, 0.5)]
    assert read_metrics(tmp_path, "val") == [
        {"iteration": 1, "kind": "val", "mIoU": 12.5, "domains": {"night": 3.0}}
    ]
    assert read_metrics(tmp_path, "exposure") == []


@settings(max_examples=30)  # every example waits for the disk
@given(cut=st.integers(1, 20), beyond=st.integers(0, 20))
def test_a_resumed_log_is_that_of_one_never_stopped(tmp_path_factory, cut, beyond):
    folder = tmp_path_factory.mktemp("run", numbered=True)
    whole = write(folder / "whole", range(1, 41))
    size = write(folder / METRICS, range(1, cut + 1))
    write(folder / METRICS, range(cut + 1, cut + 1 + beyond), size)  # lost with the process
    assert write(folder / METRICS, range(cut + 1, 41), size) == whole
    assert (folder / METRICS).read_bytes() == (folder / "whole").read_bytes()


def test_a_log_shorter_than_what_is_to_be_kept_is_refused(tmp_path):
    size = write(tmp_path / METRICS, [1, 2])
    with pytest.raises(
        ValueError, match=rf"{METRICS}: {size} bytes, but {size + 1} are to be kept"
    ):
        MetricsLog(tmp_path / METRICS, size + 1)
    with pytest.raises(ValueError, match="0 bytes, but 5"):
        MetricsLog(tmp_path / "none", 5)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"loss": float("nan")}, "loss"),
        ({"loss": 1.0, "lr": float("inf")}, "lr"),
        ({"domains": {"day": 1.0, "night": float("nan")}}, "domains.night"),
        ({"classes": [1.0, float("-inf")]}, "classes.1"),
    ],
)
def test_a_value_that_json_cannot_carry_is_named_and_not_written(tmp_path, values, name):
    with (
        MetricsLog(tmp_path / METRICS) as log,
        pytest.raises(ValueError, match=f"{METRICS}: iteration 7: val value '{name}' is "),
    ):
        log.append(7, "val", **values)
    assert (tmp_path / METRICS).read_bytes() == b""


@settings(max_examples=50)
@given(length=st.integers(0, 12), size=st.integers(0, 700), iteration=st.integers(0, 13))
def test_a_size_ends_at_an_iteration_only_where_a_line_of_it_ends(
    tmp_path_factory, length, size, iteration
):
    path = tmp_path_factory.getbasetemp() / "ends.jsonl"
    write(path, range(1, length + 1))
    ends = {0: 0}
    for line in path.read_bytes().splitlines(keepends=True):
        ends[max(ends) + len(line)] = json.loads(line)["iteration"]
    for place in (size, *ends):
        assert ends_at(path, place, iteration) == (ends.get(place) == iteration)


def test_a_log_that_is_missing_or_damaged_ends_nowhere(tmp_path):
    assert not ends_at(tmp_path / METRICS, 10, 1)
    for content in (b"\xff\n", b"[1]\n", b"3\n", b'{"kind": "val"}\n', b"\0" * 20 + b"\n"):
        (tmp_path / METRICS).write_bytes(content)
        assert not ends_at(tmp_path / METRICS, len(content), 1)


def test_a_torn_last_line_is_passed_over_and_any_other_is_refused(tmp_path):
    sound = '{"iteration": 1, "kind": "train", "loss": 1.0}\n'
    (tmp_path / METRICS).write_text(sound + '{"iteration": 2, "ki')
    assert len(read_metrics(tmp_path, "train")) == 1
    for damaged, reason in [
        ('{"iter\n', "Invalid control"),
        ("[1]\n", "expected a JSON object, found list"),
    ]:
        (tmp_path / METRICS).write_text(sound + damaged + sound)
        with pytest.raises(ValueError, match=rf"{METRICS}:2: {reason}"):
            read_metrics(tmp_path, "train")


@pytest.mark.parametrize("content", [b"", b'{"starts": [], "iter', b"\0" * 30, b"[1]", b"{}"])
def test_a_damaged_record_is_set_aside_with_a_warning(tmp_path, content):
    (tmp_path / RUN).write_bytes(content)
    with pytest.warns(UserWarning, match=rf"{RUN}: .*set aside as {RUN}.damaged"):
        assert read_record(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == [f"{RUN}.damaged"]
    assert (tmp_path / f"{RUN}.damaged").read_bytes() == content


def test_a_sound_record_is_read_and_the_drafts_of_killed_writers_go(tmp_path):
    assert read_record(tmp_path) is None
    record = {"iteration": 3, "starts": [{}]}
    (tmp_path / RUN).write_text(json.dumps(record))
    (tmp_path / f".{RUN}.17").write_text('{"iter')
    assert read_record(tmp_path) == record
    assert [path.name for path in tmp_path.iterdir()] == [RUN]


def test_a_record_that_cannot_be_read_now_is_left_alone(tmp_path):
    (tmp_path / RUN).mkdir()
    with pytest.raises(ValueError, match="Is a directory"):
        read_record(tmp_path)
    assert (tmp_path / RUN).exists()


def test_one_trainer_holds_a_run_and_sigkill_frees_it(tmp_path):
    code = (
        "import sys, pathlib; from trainstudy.runs.record import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"held\n"
        with (
            pytest.raises(RunInUseError, match="run is being trained by another process"),
            exclusive(tmp_path / "run"),
        ):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with exclusive(tmp_path / "run"):
            pass
