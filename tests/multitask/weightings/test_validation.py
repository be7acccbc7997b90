from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get
from trainstudy.multitask.weightings.validation import REFERENCES

TASKS = tuple(REFERENCES)


def weights_after(scores):
    weighting = get("validation")(TASKS, 1)
    weighting.validated(scores)
    return weighting.weigh(torch.ones(3))


def test_losses_count_equally_until_the_first_validation(make):
    assert make("validation").weigh(torch.tensor([1.0, 9.0, 3.0])).tolist() == [1, 1, 1]


def test_weights_are_the_roots_of_the_shares_that_are_lacking():
    weights = weights_after({"seg": 20.0, "det": 0.0, "cls": 85.0})
    distances = torch.tensor([0.5, 1.0, 0.05])
    torch.testing.assert_close(weights, (distances / distances.mean()).sqrt())


@given(shares=st.lists(st.floats(0, 2), min_size=3, max_size=3))
def test_the_further_from_its_reference_the_more_a_task_counts(shares):
    scores = {task: share * REFERENCES[task] for task, share in zip(TASKS, shares, strict=True)}
    weights = weights_after(scores).tolist()
    ordered = [weight for _, weight in sorted(zip(shares, weights, strict=True), reverse=True)]
    assert all(nearer <= further * (1 + 1e-5) for nearer, further in pairwise(ordered))
    assert max(weights) <= min(weights) * 20**0.5 * (1 + 1e-5)


@pytest.mark.parametrize("det", [{}, {"det": float("nan")}])
def test_a_score_that_lacks_is_named(det):
    with pytest.raises(ValueError, match="no finite validation score for task det"):
        weights_after({"seg": 1.0, "cls": 1.0, **det})


def test_a_task_without_a_reference_is_refused():
    with pytest.raises(ValueError, match="no reference score for task depth; accepted: seg, det"):
        get("validation")(("seg", "depth"), 1)
