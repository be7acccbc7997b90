import pytest
import torch
from torch import nn

from trainstudy.multitask.conflict import cosines


class Two(nn.Module):
    """A shared weight and one that belongs to single tasks, named as the network's are."""

    def __init__(self):
        super().__init__()
        self.neck = nn.Linear(2, 1, bias=False)
        self.head = nn.ModuleDict({"output": nn.Linear(2, 1)})


@pytest.fixture
def network():
    return Two()


def pull(network, *direction):
    return (network.neck.weight * torch.tensor([direction])).sum()


def test_cosines_are_those_of_the_gradients_of_shared_weights_alone(network):
    own = 9 * network.head["output"].weight.sum()
    losses = {
        "cls": pull(network, -2.0, 0.0) - own, "seg": pull(network, 1.0, 0.0) + own,
        "det": pull(network, 3.0, 3.0),
    }  # fmt: skip
    found = cosines(losses, network)
    assert list(found) == ["cosine_seg_det", "cosine_seg_cls", "cosine_det_cls"]
    assert list(found.values()) == pytest.approx([2**-0.5, -1.0, -(2**-0.5)])


def test_gradients_are_read_and_not_left_behind(network):
    cosines({"seg": pull(network, 1.0, 0.0), "det": pull(network, 0.0, 1.0)}, network)
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_task_that_reaches_no_shared_weight_conflicts_with_none(network):
    alone = network.head["output"].weight.sum()
    assert cosines({"seg": pull(network, 1.0, 0.0), "det": alone}, network) == {
        "cosine_seg_det": 0.0
    }


def test_where_all_that_is_shared_is_frozen_there_is_no_cosine(network):
    losses = {"seg": pull(network, 1.0, 0.0), "det": pull(network, 0.0, 1.0)}
    network.neck.requires_grad_(False)
    assert cosines(losses, network) == {}
