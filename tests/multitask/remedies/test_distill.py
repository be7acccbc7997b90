import pytest
import torch

from trainstudy.multitask.remedies import parse


def test_it_is_the_relative_distance_of_what_the_head_sees(network, toy):
    (remedy,) = toy.begin(parse("distill:strength=3"), network.eval(), toy.past_of(network, "seg"))
    images = toy.pixels(toy.task_set("cls"), range(3))
    outputs = network(images)
    for factor in (1.0, 0.0, 3.0):
        neck = tuple(factor * level for level in outputs.neck)
        value = remedy.penalty(network, images, outputs._replace(neck=neck)).item()
        assert value == pytest.approx(3 * (factor - 1) ** 2, abs=1e-9)


def test_its_gradient_leaves_the_head_alone_and_reaches_the_rest(network, toy):
    (remedy,) = toy.begin(parse("distill"), network, toy.past_of(network, "seg"))
    images = toy.pixels(toy.task_set("cls"), range(3))
    with torch.no_grad():
        network.backbone.levels[0][0].weight *= 2
    remedy.penalty(network, images, network(images)).backward()
    for name, parameter in network.named_parameters():
        assert (parameter.grad is None) == name.startswith("head")
