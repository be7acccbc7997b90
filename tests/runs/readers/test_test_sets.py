from pathlib import Path

import pytest

from trainstudy.runs.readers.events import Evaluation
from trainstudy.runs.readers.skipped import Skipped
from trainstudy.runs.readers.start import Start
from trainstudy.runs.readers.test_sets import keep_one_set, leave_out_beyond, set_of


def results(names: list[str], skipped: Skipped) -> dict[Path, Start]:
    """Tests at ``iter_N`` of paths, N being their place."""
    tests = {}
    for at, name in enumerate(names, start=1):
        tests[Path(name)] = Start(name, skipped)
        tests[Path(name)].extend([Evaluation(None, at, 40.0, 90.0, split="test")])
    return tests


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("m/test_results_acdc_night/iter_5/results.json", "acdc_night"),
        ("m/test_results_acdc_iter_5/20260101_120000/results.json", "acdc"),
        ("m/test_results_outside15k/20260101_120000/iter_5/results.json", "outside15k"),
        ("m/test_results_bdd10k_iter_5.json", "bdd10k"),
        ("m/test_results/iter_5/results.json", ""),
        ("m/test_results_iter_5/results.json", ""),
        ("m/test_results_80k/results.json", ""),
        ("m/test_results_20260101_120000/results.json", ""),
        ("test_results_acdc/m/iter_5/results.json", ""),
    ],
)
def test_what_a_set_is_called(path: str, expected: str) -> None:
    assert set_of(Path(path)) == expected


def test_the_set_with_most_iterations_stays_then_the_first_by_name() -> None:
    skipped = Skipped()
    names = ["m/test_results_b/1.json", "m/test_results_a/2.json", "m/test_results_b/3.json"]
    tests = results([*names, "m/iter_4/results.json"], skipped)
    keep_one_set(tests)
    assert [len(test.tests) for test in tests.values()] == [1, 0, 1, 0]
    assert skipped.frame()[["file", "reason"]].to_numpy().tolist() == [
        ["m/iter_4/results.json", "another set of tests (unnamed): not mixed in"],
        ["m/test_results_a/2.json", "another set of tests (a): not mixed in"],
    ]
    tests = results(names[:2], Skipped())
    keep_one_set(tests)
    assert [len(test.tests) for test in tests.values()] == [0, 1]


def test_no_training_saves_a_checkpoint_beyond_its_end() -> None:
    skipped = Skipped()
    tests = results(["m/1.json", "m/2.json", "m/3.json"], skipped)
    leave_out_beyond(tests.values(), 2)
    assert [len(test.tests) for test in tests.values()] == [1, 1, 0]
    assert skipped.frame()[["file", "reason"]].to_numpy().tolist() == [
        ["m/3.json", "iteration beyond the end of training (3, max_iters 2)"]
    ]
