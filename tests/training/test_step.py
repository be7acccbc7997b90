from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
import torch
from torch import nn

from trainstudy.training.step import WARM_UP, CapturedStep, Step, make_step
from trainstudy.training.task import AnyBatch, Batch, Task

CLIP = {"max_norm": 0.1, "norm_type": 2}
RATES = [2.0**-power for power in (7, 5, 9, 6, 6, 10, 5, 7)]  # the same in 32 bits as in 64


def state(task):
    """Everything that a step changes."""
    return [*task.module.state_dict().values(), *_slots(task.optimizer)]


def _slots(optimizer):
    return [value for slots in optimizer.state.values() for value in slots.values()]


def run(task, step, rates=RATES):
    """The losses of steps at these rates, and what they leave behind."""
    losses = []
    for iteration, rate in enumerate(rates, start=1):
        torch.manual_seed(iteration)  # the toy's dropout draws from torch
        losses.append(step(task.batch(iteration), [rate]))
    return losses, state(task)


def plain(task, rates=RATES):
    losses = []
    for iteration, rate in enumerate(rates, start=1):
        torch.manual_seed(iteration)
        task.optimizer.param_groups[0]["lr"] = rate
        task.optimizer.zero_grad()
        loss = task.loss(task.batch(iteration))
        loss.backward()
        if task.clip:
            torch.nn.utils.clip_grad_norm_(task.module.parameters(), **task.clip)
        task.optimizer.step()
        losses.append(loss.detach())
    return losses, state(task)


def assert_same(one, other):
    for found, expected in zip(one, other, strict=True):
        assert all(map(torch.equal, found, expected))


@pytest.fixture
def make(toy):
    def task(clip=None, fused=False):
        made = toy.Toy()
        made.clip = clip
        made.optimizer = torch.optim.AdamW(made.module.parameters(), lr=0.01, fused=fused)
        return made

    return task


@pytest.mark.parametrize("clip", [None, CLIP])
def test_steps_are_those_of_a_plain_loop_to_the_bit(make, clip):
    task = make(clip)
    assert type(make_step(task)) is Step
    assert_same(run(task, Step(task)), plain(make(clip)))


class Slope(Task):
    """Two parameter groups whose gradients are the batch's two numbers."""

    def __init__(self):
        self.module = nn.ParameterList([torch.zeros(1), torch.zeros(1), torch.zeros(1)])
        groups = [{"params": [parameter]} for parameter in list(self.module)[:2]]
        self.optimizer = torch.optim.SGD(groups, lr=1.0)  # the third never gets a gradient

    def loss(self, batch):
        return (batch.images * torch.cat(list(self.module)[:2])).sum()

    def batch(self, iteration):
        return Batch(torch.tensor([3.0, 4.0]), torch.zeros(2), [], [])

    def evaluate(self): ...


def test_every_group_moves_at_its_own_rate():
    task = Slope()
    Step(task)(task.batch(1), [0.5, 0.25])
    assert [parameter.item() for parameter in task.module] == [-1.5, -1.0, 0.0]
    with pytest.raises(ValueError, match="argument 2"):
        Step(task)(task.batch(1), [0.5])


def test_a_gradient_longer_than_allowed_is_shortened_to_that_and_keeps_its_direction():
    task = Slope()
    task.clip = {"max_norm": 1.0}
    Step(task)(task.batch(1), [1.0, 1.0])
    moved = torch.cat(list(task.module))
    torch.testing.assert_close(moved, torch.tensor([-0.6, -0.8, 0.0]))


@pytest.fixture
def graphs(monkeypatch):
    """CUDA graphs on the CPU: a capture records the training of its step and runs nothing; a replay
    does it again on what then lies in the recorded places. Gives the graphs that were made."""
    train, made, underway = Step._train, [], []

    class Graph:
        def __init__(self):
            self.replays = 0
            made.append(self)

        def replay(self):
            self.replays += 1
            for parameter in self.fresh:
                parameter.grad = None  # a kernel that wrote does not add
            self.loss.copy_(train(self.step, self.batch))

    @contextmanager
    def capture(graph, pool, stream):
        assert stream == "the current one"
        assert pool == "the step's"
        underway.append(graph)
        yield
        underway.remove(graph)

    def recorded(step, batch):
        if not underway:
            return train(step, batch)
        (graph,) = underway
        graph.step, graph.batch, graph.loss = step, batch, torch.tensor(float("nan"))
        graph.fresh = [p for p in step.task.module.parameters() if p.grad is None]
        return graph.loss

    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "graph", capture)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: "the current one")
    monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: "the step's")
    monkeypatch.setattr(Step, "_train", recorded)
    return made


@pytest.mark.parametrize("clip", [None, CLIP])
def test_captured_steps_are_the_eager_ones_to_the_bit(make, graphs, clip):
    task, eager = make(clip, fused=True), make(clip, fused=True)
    task.capturable = True
    step = make_step(task)
    assert type(step) is CapturedStep
    assert_same(run(task, step), run(eager, Step(eager)))
    (graph,) = graphs
    assert graph.replays == len(RATES) - WARM_UP


def test_a_replay_reads_the_shares_of_mixed_labels_too(graphs):
    task = Slope()
    task.loss = lambda batch: (batch.weights * torch.cat(list(task.module)[:2])).sum()
    step = CapturedStep(task)
    for place in range(WARM_UP + 3):
        weights = torch.tensor([1.0, float(place)])
        step(replace(task.batch(1), weights=weights), [1.0, 1.0])
    assert [parameter.item() for parameter in task.module] == [-6.0, -15.0, 0.0]


@dataclass(frozen=True)
class Pair(AnyBatch):
    """A batch whose tensors lie in a tuple; its kind is how many there are."""

    parts: tuple[torch.Tensor, ...]
    names: list[str]
    generated: list[bool]
    kind: str


def pair(*values):
    return Pair(tuple(torch.tensor([value]) for value in values), [], [], str(len(values)))


def test_every_kind_of_batch_has_a_graph_of_its_own(graphs):
    task = Slope()
    task.loss = lambda batch: sum(
        (part * own).sum() for part, own in zip(batch.parts, task.module, strict=False)
    )
    seen = []
    task.updated = lambda batch: seen.append(batch.kind)
    step = CapturedStep(task)
    for _ in range(WARM_UP + 2):
        step(pair(1.0), [1.0, 1.0])
        step(pair(2.0, 4.0), [1.0, 0.5])
    assert [graph.replays for graph in graphs] == [2, 2]
    assert seen == ["1", "2"] * (WARM_UP + 2)
    count = WARM_UP + 2
    assert [parameter.item() for parameter in task.module] == [-3.0 * count, -2.0 * count, 0.0]


def test_a_batchs_tensors_are_found_in_tuples_changed_and_overwritten():
    batch, other = pair(1.0, 2.0), pair(3.0, 4.0)
    assert [tensor.item() for tensor in batch.each(lambda tensor: tensor + 1).tensors] == [2.0, 3.0]
    batch.copy_(other)
    assert [tensor.item() for tensor in batch.tensors] == [3.0, 4.0]
    with pytest.raises(ValueError, match="argument 2"):
        batch.copy_(pair(1.0))
