import numpy as np
import pytest
import torch

from trainstudy.multitask.data import load
from trainstudy.multitask.data.store import Store
from trainstudy.tasks import TASKS


@pytest.mark.parametrize("task", TASKS)
def test_what_is_gathered_is_what_the_set_holds(task, minis):
    dataset = load(task, str(minis), 32).train
    samples = Store(dataset, torch.device("cpu")).gather([1, 0, 1])
    np.testing.assert_array_equal(samples.images[0], np.moveaxis(dataset.images[1], -1, 0))
    if task == "det":
        # the box around a crowd is not trained on
        assert samples.labels.tolist() == [[-1, -1], [1, 0], [-1, -1]]
        np.testing.assert_array_equal(samples.boxes[1], dataset.boxes[0])
        assert not samples.boxes[0].any()
    else:
        np.testing.assert_array_equal(samples.labels, dataset.labels[[1, 0, 1]])
        assert samples.boxes is None


def test_what_becomes_of_samples_leaves_the_set_alone(minis):
    dataset = load("det", str(minis), 32).train
    before = dataset.fingerprint
    for part in Store(dataset, torch.device("cpu")).gather([0, 1]):
        part.zero_()
    del dataset.__dict__["fingerprint"]
    assert dataset.fingerprint == before
    assert dataset.labels.min() == -1
