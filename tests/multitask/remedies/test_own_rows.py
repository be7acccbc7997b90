from copy import deepcopy

import pytest
import torch

from trainstudy.multitask.remedies import parse


@pytest.mark.parametrize("tasks", [("seg",), ("det", "seg")])
def test_earlier_rows_stay_to_the_bit_whatever_is_trained_and_decayed(tasks, network, toy):
    before = deepcopy(network.head.state_dict())
    past = toy.past_of(network, *tasks)
    remedies = toy.begin(parse("ewc,lwf,own_rows"), network, past)  # gradients for all rows
    for task in (*tasks, "cls"):
        toy.train(network, task, remedies, steps=3)
    network(toy.pixels(toy.task_set("cls"), [0, 1]))
    after = network.head.state_dict()
    for task, rows in network.channels.items():
        for name in ("output.weight", "output.bias"):
            kept = torch.equal(before[name][rows], after[name][rows])
            assert kept == (task in tasks)
    assert torch.equal(before["scales"], after["scales"]) or "det" not in tasks
    assert not torch.equal(before["branch.0.0.weight"], after["branch.0.0.weight"])


def test_they_add_nothing_to_the_norm_of_the_gradient(network, toy):
    toy.begin(parse("own_rows"), network, toy.past_of(network, "seg"))
    toy.loss("seg", network, toy.task_set("seg"), [0, 1]).backward()
    assert not network.head.output.weight.grad.any()
    assert network.head.branch[0][0].weight.grad.any()


def test_several_batches_may_go_through_before_one_backward_pass(network, toy):
    toy.begin(parse("own_rows"), network, toy.past_of(network, "seg"))
    losses = [toy.loss(task, network, toy.task_set(task), [0, 1]) for task in ("seg", "det")]
    sum(losses).backward()
    with torch.inference_mode():
        network(toy.pixels(toy.task_set("cls"), [0, 1]))
