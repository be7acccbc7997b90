import math
from functools import partial

import pytest
import torch
from torch._functorch import config as functorch

from trainstudy.multitask import run
from trainstudy.multitask import task as module
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.ways import iterations
from trainstudy.tasks import TASKS


def length(task):
    """Of its stage, in iterations."""
    return iterations(task.stage, task.epoch)


@pytest.fixture
def built(given, few):
    """built(place=0, **parameters): the task of one stage that has no earlier one."""

    def make(place=0, **parameters):
        chosen = given(**parameters)
        return run.StageRun(chosen, chosen.stages[place], few).build("cpu")

    return make


def test_a_batch_is_a_function_of_seed_and_iteration(built):
    one, other, another = (built(seed=seed) for seed in (1, 1, 2))
    assert one.batch(3).names == other.batch(3).names != another.batch(3).names
    assert all(map(torch.equal, one.batch(3).tensors, other.batch(3).tensors))


def test_every_task_goes_through_its_images_once_an_epoch_while_it_warms_up_and_after(built):
    task = built(epochs=4, warmup_epochs=1, finetune_epochs=1)
    seen = {name: [] for name in TASKS}
    for iteration in range(1, length(task) + 1):
        for name in task.batch(iteration).names:
            seen[name.partition("/")[0]].append(name)
    for name, images in seen.items():
        epochs = [images[start : start + 8] for start in range(0, len(images), 8)]
        assert len(epochs) == 4
        assert all(sorted(epoch) == sorted(set(images)) for epoch in epochs), name


def test_a_changed_batch_is_one_that_the_loss_knows(built):
    task = built(warmup_epochs=0)
    batch = task.batch(1)
    copied = batch.each(torch.clone)
    assert all(map(torch.equal, batch.tensors, copied.tensors))
    assert torch.equal(task.loss(batch), task.loss(copied))
    other = task.batch(2)
    copied.copy_(other)
    assert torch.equal(task.loss(other), task.loss(copied))
    assert not torch.equal(task.loss(batch), task.loss(copied))


@pytest.fixture
def graphs(monkeypatch):
    """What is compiled, here on the CPU too: the graphs, run as they are."""
    found = []

    def keep(graph, inputs):
        found.append(graph)
        return graph.forward

    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend=keep))
    monkeypatch.setattr(TrainMultitask, "compiles", lambda self, device: self.compiled)
    module._compiled.cache_clear()
    yield found
    module._compiled.cache_clear()
    torch.compiler.reset()


def test_the_backbones_of_all_trainings_are_compiled_once_and_give_the_same(built, graphs):
    common = {"order": "single:cls", "backbone": "efficientnet_lite0"}
    for seed in (0, 1):
        plain = built(**common, seed=seed)
        compiled = built(**common, seed=seed, compiled=True)
        losses = [one.loss(one.batch(1)) for one in (plain, compiled)]
        assert torch.equal(*losses)
        for one, loss in zip((plain, compiled), losses, strict=True):
            one.backward(loss)
        sides = zip(plain.network.named_parameters(), compiled.network.parameters(), strict=True)
        for (name, one), other in sides:
            # what the task does not reach stays without a gradient, and so as it is
            assert (one.grad is None) == (other.grad is None), name
            assert one.grad is None or torch.allclose(one.grad, other.grad), name
        assert any(parameter.grad is None for parameter in compiled.network.parameters())
    assert len(graphs) == 1


def test_a_compiled_backbone_is_differentiated_by_task_for_gradient_methods(built, graphs):
    common = {"weighting": "pcgrad", "warmup_epochs": 0, "epochs": 1, "finetune_epochs": 0}
    plain, compiled = built(**common), built(**common, compiled=True)
    for one in (plain, compiled):
        losses = one.loss(one.batch(1))
        torch.manual_seed(0)
        one.backward(losses)
    assert graphs
    # torch 2.11 on a GPU refuses to go back twice where buffers are donated; a CPU has none
    assert not functorch.donated_buffer
    sides = zip(plain.network.named_parameters(), compiled.network.parameters(), strict=True)
    for (name, one), other in sides:
        assert torch.allclose(one.grad, other.grad, atol=1e-6), name


def test_measures_tell_each_loss_and_weight_where_there_is_one(built):
    task = built(epochs=2, warmup_epochs=1, finetune_epochs=0, weighting="report_formula")
    alone, together = task.batch(1), task.batch(length(task))
    assert (alone.tasks, together.tasks) == (("seg",), TASKS)
    for batch in (alone, together):
        losses = task.loss(batch)
        told = dict(zip(task.measures, task.backward(losses).tolist(), strict=True))
        assert told["loss"] == pytest.approx(losses.sum().item())
        for place, name in enumerate(TASKS):
            known = name in batch.tasks
            assert math.isnan(told[f"loss_{name}"]) != known
            assert math.isnan(told[f"weight_{name}"]) != (batch is together)
            if known:
                assert told[f"loss_{name}"] == pytest.approx(losses[place].item())


def test_gradients_are_the_weighted_sums(built):
    task = built(warmup_epochs=0, weighting="report_formula")
    batch = task.batch(1)
    told = dict(zip(task.measures, task.backward(task.loss(batch)).tolist(), strict=True))
    found = [p.grad.clone() for p in task.network.parameters() if p.grad is not None]
    task.module.zero_grad()
    sum(
        told[f"weight_{t}"] * one for t, one in zip(TASKS, task.loss(batch), strict=True)
    ).backward()
    expected = [p.grad for p in task.network.parameters() if p.grad is not None]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


def test_a_tasks_own_rate_holds_where_it_is_trained_alone(built):
    task = built(epochs=2, warmup_epochs=1, learning_rates={"det": 3e-3})
    rates = {task.batch(i).tasks: task.factor(i) for i in range(1, length(task) + 1)}
    assert rates[("seg",)] == 1.0
    assert rates[("det",)] == pytest.approx(3.0)
    assert rates[TASKS] in (1.0, 0.1)


def test_scores_are_of_all_tasks_and_told_to_the_weighting(built, monkeypatch):
    task = built(order="single:cls")
    told = []
    monkeypatch.setattr(task.weighting, "validated", told.append)
    task.module.eval()
    found = task.evaluate().values
    assert set(found) == {"mIoU", "mAP50", "mAP", "top1"}
    assert told == [{"seg": found["mIoU"], "det": found["mAP50"], "cls": found["top1"]}]


@pytest.mark.parametrize(
    ("order", "place", "pairs"),
    [
        ("joint", 0, {"cosine_seg_det", "cosine_seg_cls", "cosine_det_cls"}),
        ("single:cls", 0, set()),
        ("cls,seg", 0, set()),
    ],
)
def test_the_tasks_of_a_stage_have_cosines_of_their_gradients(built, order, place, pairs):
    task = built(place, order=order)
    before = {name: value.clone() for name, value in task.module.state_dict().items()}
    task.module.eval()
    with torch.inference_mode():  # as the loop evaluates
        found, again = task.cosines(), task.cosines()
    assert set(found) == pairs
    assert found == again
    assert all(-1 <= value <= 1 for value in found.values())
    assert all(p.grad is None for p in task.module.parameters())
    assert all(torch.equal(before[n], value) for n, value in task.module.state_dict().items())
