"""One stage of a multi-task training as a task of the training loop."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch._functorch import config as functorch
from torch.optim import Optimizer

from trainstudy.multitask import conflict, ways
from trainstudy.multitask.data import Splits, TaskSet
from trainstudy.multitask.data.augment import augment
from trainstudy.multitask.data.store import Samples, Store
from trainstudy.multitask.network import Network, normalise
from trainstudy.multitask.objective import Objective
from trainstudy.multitask.remedies import Past, Remedy
from trainstudy.multitask.scores import evaluate
from trainstudy.multitask.ways import Stage
from trainstudy.multitask.weightings import Weighting
from trainstudy.multitask.weightings._weighting import differentiate
from trainstudy.tasks import MEASURES, TASKS
from trainstudy.training.randomness import generator, sample_order
from trainstudy.training.task import AnyBatch, Evaluation, Task


@dataclass(frozen=True)
class TasksBatch(AnyBatch):
    """A part for each of ``tasks``; the first ``new`` of them are trained, the others replayed."""

    tasks: tuple[str, ...]
    parts: tuple[Samples, ...]
    new: int
    names: list[str]
    generated: list[bool]

    @property
    def kind(self) -> str:  # type: ignore[override]
        return f"{self.new}:" + "+".join(self.tasks)


class Learner(nn.Module):
    """What a checkpoint holds: the network, and the state of the weighting."""

    def __init__(self, network: Network, weighting: Weighting) -> None:
        super().__init__()
        self.network, self.weighting = network, weighting


class MultitaskTask(Task):
    """A network on the stage's tasks, with what is done against forgetting the earlier ones.

    Each task of an iteration has a batch of its own through the network. A batch depends on
    (seed, iteration) alone.
    """

    def __init__(
        self,
        learner: Learner,
        optimizer: Optimizer,
        splits: Mapping[str, Splits],
        stage: Stage,
        objective: Objective,
        remedies: Sequence[Remedy],
        past: Past,
        *,
        seed: int,
        size: int,
        batch_size: int,
        epoch: int,
        rates: Mapping[str, float],
        precision: torch.dtype = torch.float32,
        compiled: bool = False,
    ) -> None:
        self.module, self.optimizer, self.stage = learner, optimizer, stage
        self.network, self.weighting, self.objective = learner.network, learner.weighting, objective
        self.seed, self.batch_size, self.epoch, self.rates = seed, batch_size, epoch, rates
        self.precision, self.splits = precision, splits
        self._features = _compiled() if compiled else _features
        self.device, self.size = next(learner.parameters()).device, size
        self._remedies = remedies
        self._replay = {
            task: chosen
            for remedy in remedies
            for task, chosen in remedy.replayed(past, seed).items()
        }
        used = (*stage.tasks, *self._replay)
        self._stores = {task: Store(splits[task].train, self.device) for task in used}
        self.capturable = self.weighting.capturable and self.device.type == "cuda"
        weighed = [f"weight_{task}" for task in self.weighting.tasks]
        self.measures = ("loss", *(f"loss_{task}" for task in TASKS), *weighed)
        self._trained = [p for p in learner.parameters() if p.requires_grad]
        self._tasks: tuple[str, ...] = ()

    def batch(self, iteration: int) -> TasksBatch:
        """The stage's active tasks, then the replayed ones."""
        active, _ = ways.active(self.stage, iteration, self.epoch)
        seen = ways.seen(self.stage, iteration - 1, self.epoch)
        parts, names = [], list[str]()
        for task in (*active, *self._replay):
            dataset, kept = self.splits[task].train, self._replay.get(task)
            start = (seen[task] if kept is None else iteration - 1) * self.batch_size
            size = len(dataset) if kept is None else len(kept)
            order = sample_order(self.seed, f"order {task}", size, start, self.batch_size)
            places = order if kept is None else [kept[place] for place in order]
            draws = [
                generator(self.seed, f"augment {task}", iteration, slot)
                for slot in range(self.batch_size)
            ]
            samples = self._stores[task].gather(places)
            parts.append(augment(task, samples, dataset.extents[places], self.size, draws))
            names += [f"{task}/{dataset.names[place]}" for place in places]
        tasks = (*active, *self._replay)
        return TasksBatch(tasks, tuple(parts), len(active), names, [False] * len(names))

    def loss(self, batch: TasksBatch) -> Tensor:
        """The losses [K] of the batch's tasks; a remedy's penalty is part of the new tasks'."""
        self._tasks = batch.tasks  # for the backward pass that follows
        found = []
        with self._autocast():
            for place, (task, part) in enumerate(zip(batch.tasks, batch.parts, strict=True)):
                images = normalise(part.images)
                features = self._features(self.network.backbone, images)
                outputs = self.network.from_features(features)
                loss = self.objective(task, outputs, part)
                if place < batch.new:
                    for remedy in self._remedies:
                        penalty = remedy.penalty(self.network, images, outputs)
                        loss = loss if penalty is None else loss + penalty / batch.new
                found.append(loss)
        return torch.stack(found)

    def backward(self, losses: Tensor) -> Tensor:
        """Gradients by the weighting, or of the sum where only some of its tasks are trained."""
        missing = torch.full_like(losses[0].detach(), math.nan)
        weights = dict.fromkeys(self.weighting.tasks, missing)
        if self._tasks == self.weighting.tasks:
            found = self.weighting.backward(losses, self._trained)
            weights |= dict(zip(self._tasks, found.unbind(), strict=True))
        else:
            differentiate(losses.sum(), self._trained)
        each = dict(zip(self._tasks, losses.detach().unbind(), strict=True))
        measured = [losses.detach().sum(), *(each.get(task, missing) for task in TASKS)]
        return torch.stack([*measured, *weights.values()])

    def updated(self, batch: TasksBatch) -> None:
        if batch.tasks == self.weighting.tasks:
            self.weighting.updated(lambda: self.loss(batch).detach())

    def factor(self, iteration: int) -> float:
        """That of the phase, and the task's own rate where only one is trained."""
        active, factor = ways.active(self.stage, iteration, self.epoch)
        return factor * (self.rates.get(active[0], 1.0) if len(active) == 1 else 1.0)

    def evaluate(self) -> Evaluation:
        """The scores of all tasks on validation images, also of those not trained (yet), and the
        cosines of their gradients."""
        found = self.scores({task: splits.val for task, splits in self.splits.items()})
        self.weighting.validated({task: found[MEASURES[task]] for task in self.splits})
        return Evaluation({**found, **self.cosines()})

    def cosines(self) -> dict[str, float]:
        """See :mod:`.conflict`: on the first batch of the training images of each task that is or
        was trained, as they are; none in a stage that has no other task to conflict with."""
        tasks = (*self.stage.tasks, *self.stage.earlier)
        if len(tasks) < 2:
            return {}
        # the loop evaluates without gradients
        with torch.inference_mode(False), torch.enable_grad():
            losses = {}
            for task in tasks:
                part = self._first(task)
                with self._autocast():
                    outputs = self.network(normalise(part.images))
                    losses[task] = self.objective(task, outputs, part)
            return conflict.cosines(losses, self.network)

    def _first(self, task: str) -> Samples:
        if task not in self._stores:
            self._stores[task] = Store(self.splits[task].train, self.device)
        return self._stores[task].gather(range(min(self.batch_size, len(self.splits[task].train))))

    def _autocast(self) -> torch.autocast:
        enabled = self.precision != torch.float32
        return torch.autocast(self.device.type, self.precision, enabled=enabled)

    def scores(self, sets: Mapping[str, TaskSet]) -> dict[str, float]:
        """In percent, by their names; those of single classes left out."""
        found = evaluate(self.network, sets, self.precision)
        return {name: value for name, value in found.items() if "/" not in name}


def _features(backbone: nn.Module, images: Tensor) -> list[Tensor]:
    found: list[Tensor] = backbone(images)
    return found


@cache
def _compiled() -> Callable[[nn.Module, Tensor], list[Tensor]]:
    """One function for all networks of a process, so that it is compiled once for all.

    The backbone alone: every task reaches all of it. Of what a task does not reach, as most of the
    neck, a compiled function gives zeros for gradients, and AdamW would let it decay.
    """
    # a graph that gives its buffers away is differentiated once; gradient methods do it by task
    functorch.donated_buffer = False
    return torch.compile(_features, dynamic=False)
