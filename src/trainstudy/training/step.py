"""One training step: loss, gradients, update. On a GPU it is captured once and replayed.

Small models are bound by the host, which launches a thousand kernels a step; a CUDA graph is one
launch. The captured step reads the batch, the learning rates and the dropout key from fixed places
on the device, which are filled before each replay; nothing else may change between steps.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from trainstudy.training import distributed
from trainstudy.training.upload import upload

if TYPE_CHECKING:
    from trainstudy.training.task import AnyBatch, Task

WARM_UP = 3  # steps before the capture: lazily made state and cuDNN's choices must be there


class Step:
    """Steps of a task, one kernel at a time."""

    def __init__(self, task: "Task") -> None:
        self.task = task
        self._loss_of: Callable[[Any], Tensor] = (
            distributed.share(task) if distributed.size() > 1 else task.loss
        )

    def __call__(self, batch: "AnyBatch", rates: Sequence[float]) -> Tensor:
        """Train on one batch at ``rates``, one a parameter group; the task's measures, detached."""
        for group, rate in zip(self.task.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self.task.optimizer.zero_grad(set_to_none=True)
        return self._train(batch)

    def _train(self, batch: "AnyBatch") -> Tensor:
        measured = self.task.backward(self._loss_of(batch))
        if self.task.clip is not None:
            parameters = (p for p in self.task.module.parameters() if p.grad is not None)
            clip_grad_norm_(parameters, **self.task.clip)
        self.task.optimizer.step()
        self.task.updated(batch)
        return measured


class CapturedStep(Step):
    """Steps of a task from a CUDA graph, on the current stream (which must not be the default).

    Needs an optimizer whose update is captured as well: fused, its rates tensors.
    """

    def __init__(self, task: "Task") -> None:
        super().__init__(task)
        like = next(task.module.parameters())
        groups = task.optimizer.param_groups
        self._rates = torch.zeros(len(groups), device=like.device)
        for group, rate in zip(groups, self._rates.unbind(), strict=True):
            group["lr"] = rate
        self._seen: Counter[str] = Counter()
        self._captured: dict[str, _Captured] = {}
        # of all kinds: nothing in it outlives a replay but what is copied out of it at once
        self._memory = torch.cuda.graph_pool_handle()

    def __call__(self, batch: "AnyBatch", rates: Sequence[float]) -> Tensor:
        self._rates.copy_(upload(rates, self._rates))
        if batch.kind not in self._captured:
            if self._seen[batch.kind] < WARM_UP:
                self._seen[batch.kind] += 1
                self.task.optimizer.zero_grad(set_to_none=True)
                return self._train(batch)
            self._captured[batch.kind] = self._capture(batch)
        return self._captured[batch.kind].replay(batch)

    def _capture(self, batch: "AnyBatch") -> "_Captured":
        fixed = batch.each(Tensor.clone)
        self.task.optimizer.zero_grad(set_to_none=True)  # so that a replay writes, not adds
        graph = torch.cuda.CUDAGraph()
        stream = torch.cuda.current_stream()
        with torch.cuda.graph(graph, pool=self._memory, stream=stream):
            measured = self._train(fixed)
        return _Captured(graph, fixed, measured)


class _Captured(NamedTuple):
    """The step of one kind of batch, and the places on the device that it reads and writes."""

    graph: torch.cuda.CUDAGraph
    batch: "AnyBatch"
    measured: Tensor

    def replay(self, batch: "AnyBatch") -> Tensor:
        self.batch.copy_(batch)
        self.graph.replay()
        return self.measured.clone()


def make_step(task: "Task") -> Step:
    """The fastest step this task allows."""
    return CapturedStep(task) if task.capturable else Step(task)
