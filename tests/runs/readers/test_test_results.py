from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trainstudy.runs.readers.events import Evaluation, Skip
from trainstudy.runs.readers.test_results import read_test_results

Write = Callable[[str, Iterable[object] | str], Path]
OVERALL = {"overall": {"mIoU": 45.5, "aAcc": 88.0}, "per_domain": {"foggy": {"mIoU": 30.0}}}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("m/results.json", {"iteration": 80000}),
        ("m/results.json", {"checkpoint": "/w/m/iter_80000.pth"}),
        ("m/results.json", {"config": {"checkpoint_path": "C:\\w\\iter_80000.pth"}}),
        ("m/iter_80000/results.json", {}),
        ("m/test_results_iter_80000/20260101_120000/results.json", {"checkpoint": "latest.pth"}),
        ("m/test_results_iter_80000.json", {}),
        ("m/test_results_iter_80000/results.json", {"iteration": 80000}),
    ],
)
def test_iteration(write: Write, name: str, more: dict[str, object]) -> None:
    path = write(name, [{**OVERALL, **more}])
    assert list(read_test_results(path, "percent")) == [
        Evaluation(None, 80000, 45.5, 88.0, split="test")
    ]


def test_mmengines_own_file_names_the_checkpoint_in_its_configuration(write: Write) -> None:
    name = "m/test/20260101_120000"
    path = write(f"{name}/20260101_120000.json", [{"aAcc": 88.0, "mIoU": 45.5, "time": 0.1}])
    write(f"{name}/vis_data/config.py", "load_from = 'work/iter_40000.pth'\nresume = False\n")
    assert [one[1] for one in read_test_results(path, "percent")] == [40000]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("m/results.json", OVERALL, "states no iteration"),
        ("m/iter_5/results.json", {**OVERALL, "iteration": 6}, "states several iterations"),
        ("m/results.json", {**OVERALL, "iteration": True}, "not a whole number"),
        ("iter_9/m/results.json", OVERALL, "states no iteration"),
        ("m/iter_5/results.json", {"overall": {"aAcc": 88.0}}, "no mIoU"),
        ("m/iter_5/results.json", {"overall": {"mIoU": float("nan")}}, "not finite"),
        ("m/iter_5/results.json", [1], "not an object"),
        ("m/iter_5/results.json", '{"overall": {"mIo', "cut short"),
        ("m/iter_5/results.json", "", "cut short"),
        ("m/iter_5/results.json", "[" * 100_000, "cut short"),
    ],
)
def test_refused(write: Write, name: str, content: object, reason: str) -> None:
    path = write(name, content if isinstance(content, str) else [content])
    (event,) = read_test_results(path, "percent")
    assert isinstance(event, Skip)
    assert reason in event.reason
