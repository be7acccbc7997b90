from unittest.mock import patch

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.record import read_metrics
from trainstudy.training import checkpoint, distributed
from trainstudy.training.launch import launch
from trainstudy.training.loop import train

TOLERANCE = 1e-5  # relative: half the rows are summed in each process, then the two sums
# a bias before a batch norm has no gradient but what rounding leaves, and AdamW makes steps of that
NO_GRADIENT = {"0.bias", "1.running_mean"}

TOGETHER = """
import toy
from trainstudy.training.loop import train

for name, until in (("together", 40), ("together from 20 on", 40), ("together up to 20", 20)):
    folder = place / name
    folder.mkdir(exist_ok=True)
    train(toy.Toy(), folder, toy.plan(until), quiet=True)
"""


@pytest.fixture(scope="module")
def place(toy, tmp_path_factory):
    """Runs that are trained alone, by two processes, or by both in turn."""
    place = tmp_path_factory.mktemp("runs")

    def alone(name, until):
        (place / name).mkdir(exist_ok=True)
        train(toy.Toy(), place / name, toy.plan(until), quiet=True)

    alone("alone", 40)
    alone("together from 20 on", 20)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(toy.__file__.rpartition("/")[0])
        launch(exec, 2, "cpu", TOGETHER, {"place": place})
    alone("together up to 20", 40)
    return place


@pytest.mark.parametrize("name", ["together", "together from 20 on", "together up to 20"])
def test_two_processes_train_what_one_would(place, name):
    one, other = (read_metrics(place / folder, "train") for folder in ("alone", name))
    assert [(row["iteration"], row["lr"]) for row in other] == [
        (row["iteration"], row["lr"]) for row in one
    ]
    losses = [row["loss"] for row in one]
    assert [row["loss"] for row in other] == pytest.approx(losses, rel=TOLERANCE)
    assert read_metrics(place / name, "exposure") == read_metrics(place / "alone", "exposure")


@pytest.mark.parametrize("name", ["together", "together from 20 on", "together up to 20"])
def test_their_checkpoints_are_those_of_one(place, name):
    one, other = (
        checkpoint.load(place / folder / "checkpoints" / "iter_40").tensors
        for folder in ("alone", name)
    )
    assert {group: set(tensors) for group, tensors in other.items()} == {
        group: set(tensors) for group, tensors in one.items()
    }
    for key in one["model"].keys() - NO_GRADIENT:
        torch.testing.assert_close(other["model"][key], one["model"][key], atol=1e-6, rtol=1e-5)


@given(size=st.integers(1, 8), each=st.integers(1, 5), rest=st.integers(0, 7))
def test_the_parts_of_a_batch_are_equal_and_cover_it(size, each, rest):
    with patch.object(distributed, "size", lambda: size):
        count = size * each + rest
        if count % size:
            with pytest.raises(ValueError, match=f"batch of {count} has no equal parts for {size}"):
                distributed.rows(count)
            return
        parts = []
        for rank in range(size):
            with patch.object(distributed, "rank", lambda rank=rank: rank):
                parts.append(range(count)[distributed.rows(count)])
    assert [row for part in parts for row in part] == list(range(count))
    assert len({len(part) for part in parts}) == 1
