import json

import pytest

from trainstudy.runs.faults import FaultError, check_run, read_lines
from trainstudy.runs.record import METRICS, RUN, TESTS

SCORES = {"mIoU": 50.0, "mAP50": 0, "top1": 100.0}
START = {"device": "cpu", "interval": 5, "seconds": None, "joules": None}
RECORD = {
    "iteration": 10, "until": 10, "spec": {"tasks": ["seg"], "backbone": "tiny"},
    "starts": [START], "data": {"train seg": {"name": "photos/train"}},
}  # fmt: skip


def line(at=10, kind="val", **values):
    return json.dumps(
        {"iteration": at, "kind": kind, **(SCORES if kind == "val" else {}), **values}
    )


LINES = [
    line(1, "train", loss=1.0, weight_seg=1.0), line(5), line(5, "exposure", real=16, generated=0),
    line(10, cosine_seg_det=-0.5),
]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    """A run that is sound, and tested."""
    (tmp_path / RUN).write_text(json.dumps(RECORD))
    (tmp_path / METRICS).write_text("".join(f"{text}\n" for text in LINES))
    (tmp_path / TESTS).write_text(line(split="test") + "\n")
    return tmp_path


def fault(run):
    with pytest.raises(FaultError) as error:
        check_run(run)
    assert str(error.value).startswith(f"{error.value.fault.file}")
    return error.value.fault


def test_a_sound_run_tells_whether_it_was_tested(run):
    assert check_run(run)
    (run / TESTS).write_text("")
    assert not check_run(run)
    (run / TESTS).unlink()
    assert not check_run(run)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        ("{}", "spec"),
        ("[]", "expected a JSON object"),
        (json.dumps({**RECORD, "iteration": "10"}), "iteration"),
        (json.dumps({**RECORD, "iteration": 0}), "not trained"),
        (json.dumps({**RECORD, "starts": []}), "starts"),
        (json.dumps({**RECORD, "spec": {"tasks": ["sag"], "backbone": "b"}}), "spec.tasks.0"),
        (json.dumps({**RECORD, "data": {"train seg": {}}}), "data.train seg.name"),
    ],
)
def test_a_record_without_what_chapters_read_is_a_fault(run, content, reason):
    if content is None:
        (run / RUN).unlink()
    else:
        (run / RUN).write_text(content)
    found = fault(run)
    assert (found.file, found.line) == (run / RUN, None)
    assert reason in found.reason


def test_a_record_that_is_cut_short_is_told_with_its_line(run):
    (run / RUN).write_text('{\n "spec": {\n')
    assert fault(run)[:2] == (run / RUN, 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no JSON"),
        ("[1]", "expected a JSON object, found list"),
        (json.dumps({"iteration": 10, "kind": "val", "mIoU": 1, "mAP50": 1}), "top1"),
        (line(mIoU="50"), "mIoU"),
        (line(mIoU=None), "mIoU"),
        (line(mIoU=float("nan")), "mIoU"),
        (line(mIoU=150.0), "mIoU"),
        (line(at=2.5), "iteration"),
        (line(at=5), "iteration 5 a second time"),
        (line(at=11), "iteration 11, but run.json ends at 10"),
        (line(cosine_seg_det=None), "cosine_seg_det"),
        (line(kind="train", weight_seg="1"), "weight_seg"),
        (line(kind="exposure", real=16), "generated"),
        (line(kind="other"), "kind"),
        (line(kind=[]), "kind"),
    ],
)
def test_a_line_that_is_unsound_is_told_with_its_number(run, text, reason):
    (run / METRICS).write_text("".join(f"{one}\n" for one in [*LINES[:3], text, LINES[3]]))
    found = fault(run)
    assert (found.file, found.line) == (run / METRICS, 4)
    assert reason in found.reason


@pytest.mark.parametrize("lines", [None, [], LINES[:3]])
def test_a_run_without_a_validation_of_its_end_is_a_fault(run, lines):
    if lines is None:
        (run / METRICS).unlink()
    else:
        (run / METRICS).write_text("".join(f"{one}\n" for one in lines))
    assert fault(run).file == run / METRICS


@pytest.mark.parametrize(
    ("text", "at"),
    [("{\n", 1), (line() + "\n", 1), (line(split="test", top1=None) + "\n", 1),
     (line(5, split="test") + "\n", None), (line(split="test"), 1)],
)  # fmt: skip
def test_test_scores_are_checked_likewise(run, text, at):
    (run / TESTS).write_text(text)
    assert fault(run)[:2] == (run / TESTS, at)


def test_a_torn_last_line_is_a_fault_of_a_run_that_is_ended_alone(run):
    with (run / METRICS).open("a") as metrics:
        metrics.write('{"iteration": 1')
    assert fault(run)[:2] == (run / METRICS, len(LINES) + 1)
    (run / RUN).write_text(json.dumps({**RECORD, "until": 20}))
    assert check_run(run)
    assert len(list(read_lines(run / METRICS))) == len(LINES)
