import json

import numpy as np
import pytest
import torch

from trainstudy import data
from trainstudy.data import DataError, NoTestSetError
from trainstudy.runs.record import CONFUSIONS, TESTS
from trainstudy.segmentation import metrics
from trainstudy.segmentation.evaluate import evaluate_budgets
from trainstudy.segmentation.run import build_task, prepare
from trainstudy.training import checkpoint
from trainstudy.training.checkpoint import DamagedCheckpointError


@pytest.fixture
def trained(go, given, narrow, tiny_set, monkeypatch):
    """What was prepared for a run, its folder with two budgets, and a test set of its own."""
    test = tiny_set(5, seed=4)
    monkeypatch.setattr(data, "load_test", lambda *_: test)
    values = {"until": 4, "budgets": [2, 4]}
    return prepare(given(**values)), go(**values), test


def lines(folder):
    return [json.loads(line) for line in (folder / TESTS).read_text().splitlines()]


def test_the_scores_are_those_of_the_checkpoints_on_the_test_set(trained):
    prepared, folder, test = trained
    evaluate_budgets(prepared, folder, [2, 4])
    task = build_task(prepared, "cpu")
    for budget, line in zip([2, 4], lines(folder), strict=True):
        path = folder / "checkpoints" / f"iter_{budget}"
        task.module.load_state_dict(checkpoint.load(path).tensors["model"])
        task.module.eval()
        with torch.inference_mode():
            expected = task.confusions(test)
        scores = metrics.summarise(expected, test.domains)
        assert line == {"iteration": budget, "kind": "val", "split": "test", **scores}
        stored = np.load(folder / CONFUSIONS / f"test_iter_{budget}.npz")["confusions"]
        np.testing.assert_array_equal(stored, expected)


def test_what_was_scored_is_not_scored_again(trained, monkeypatch):
    prepared, folder, _ = trained
    evaluate_budgets(prepared, folder, [4])
    before = (folder / TESTS).read_bytes()
    evaluate_budgets(prepared, folder, [2, 4])
    assert [line["iteration"] for line in lines(folder)] == [4, 2]
    assert (folder / TESTS).read_bytes().startswith(before)
    monkeypatch.setattr(data, "load_test", lambda *_: pytest.fail("the test set was read again"))
    evaluate_budgets(prepared, folder, [2, 4])
    assert len(lines(folder)) == 2


def test_a_score_torn_by_a_kill_is_written_anew(trained):
    prepared, folder, _ = trained
    evaluate_budgets(prepared, folder, [2, 4])
    whole = (folder / TESTS).read_bytes()
    (folder / TESTS).write_bytes(whole[:-9])
    evaluate_budgets(prepared, folder, [2, 4])
    assert (folder / TESTS).read_bytes() == whole


def test_only_the_lack_of_a_test_set_is_passed_over(trained, monkeypatch):
    prepared, folder, _ = trained

    def raises(error):
        def load_test(*_):
            raise error

        monkeypatch.setattr(data, "load_test", load_test)

    raises(NoTestSetError("none"))
    evaluate_budgets(prepared, folder, [4])
    assert not (folder / TESTS).exists()
    raises(DataError("tiny", []))
    with pytest.raises(DataError):
        evaluate_budgets(prepared, folder, [4])


def test_a_checkpoint_that_is_gone_is_named(trained):
    prepared, folder, _ = trained
    with pytest.raises(DamagedCheckpointError, match="iter_3"):
        evaluate_budgets(prepared, folder, [2, 3])
    assert [line["iteration"] for line in lines(folder)] == [2]
