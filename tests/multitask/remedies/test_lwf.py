import pytest
import torch

from trainstudy.multitask.network import Outputs
from trainstudy.multitask.remedies import lwf, parse


@pytest.mark.parametrize("tasks", [("seg",), ("det",), ("cls",), ("seg", "det", "cls")])
def test_it_rises_from_zero_as_the_outputs_of_earlier_tasks_change(tasks, network, toy):
    (remedy,) = toy.begin(parse("lwf"), network.eval(), toy.past_of(network, *tasks))
    images = toy.pixels(toy.task_set("cls"), range(4))
    outputs = network(images)
    assert remedy.penalty(network, images, outputs).item() == pytest.approx(0, abs=1e-6)
    rows = torch.zeros(outputs.maps[0].shape[1], dtype=torch.bool)
    for task in tasks:
        rows[network.channels[task]] = True

    maps = [(level + torch.rand_like(level)).detach().requires_grad_() for level in outputs.maps]
    value = remedy.penalty(network, images, Outputs(tuple(maps), (), network.channels))
    value.backward()
    assert value > 0
    for level in maps:
        touched = (
            torch.zeros_like(rows) if level.grad is None else level.grad.abs().sum((0, 2, 3)) > 0
        )
        assert not (touched & ~rows).any()


@pytest.mark.parametrize("temperature", [1.0, 2.0, 5.0])
def test_the_gradient_is_that_of_softened_distributions(temperature):
    own, old = torch.randn(4, 10, requires_grad=True), torch.randn(4, 10)
    lwf._divergence(own, old, temperature).backward()
    softened = (own / temperature).softmax(1) - (old / temperature).softmax(1)
    torch.testing.assert_close(own.grad, temperature * softened / 4)


def detections(class_logit, quality, distance):
    level = torch.zeros(1, 4 + 1 + 2, 4, 4)
    level[:, :4], level[:, 4], level[:, 5:] = distance, quality, class_logit
    levels = (level, level[..., :2, :2], level[..., :1, :1])
    return Outputs(levels, (), {"det": slice(0, 7)})


def test_boxes_are_taught_where_the_teacher_detects_and_only_there():
    sure, unsure = detections(9.0, 9.0, 1.0), detections(-9.0, -9.0, 1.0)
    for taught, expected in ((sure, 0.75), (unsure, 0.0)):
        wider = tuple(torch.cat((level[:, :4] * 2, level[:, 4:]), 1) for level in taught.maps)
        value = lwf.detection(Outputs(wider, (), taught.channels), taught, 2.0)
        assert value.item() == pytest.approx(expected, abs=1e-6)  # IoU with twice the sides: 1/4
    assert lwf.detection(unsure, sure, 2.0) > 1 < lwf.detection(sure, unsure, 2.0)


def test_training_leaves_the_teacher_alone(network, toy):
    (remedy,) = toy.begin(parse("lwf"), network, toy.past_of(network, "seg"))
    images = toy.pixels(toy.task_set("cls"), [0, 1])
    before = remedy._teacher(images).maps
    toy.train(network, "cls", [remedy], steps=2)
    assert all(map(torch.equal, before, remedy._teacher(images).maps))
    assert not any(parameter.requires_grad for parameter in remedy._teacher.parameters())
