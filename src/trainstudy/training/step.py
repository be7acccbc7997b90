"""One training step: loss, gradients, update. On a GPU it is captured once and replayed.

Small models are bound by the host, which launches a thousand kernels a step; a CUDA graph is one
launch. The captured step reads the batch, the learning rates and the dropout key from fixed places
on the device, which are filled before each replay; nothing else may change between steps.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from trainstudy.training import distributed
from trainstudy.training.upload import upload

if TYPE_CHECKING:
    from trainstudy.training.loop import Batch, Task

WARM_UP = 3  # steps before the capture: lazily made state and cuDNN's choices must be there


class Step:
    """Steps of a task, one kernel at a time."""

    def __init__(self, task: "Task") -> None:
        self.task = task
        self._loss_of = distributed.share(task) if distributed.size() > 1 else task.loss

    def __call__(self, batch: "Batch", rates: Sequence[float]) -> Tensor:
        """Train on one batch at ``rates``, one a parameter group; the loss, detached, a scalar."""
        for group, rate in zip(self.task.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self.task.optimizer.zero_grad(set_to_none=True)
        return self._train(batch)

    def _train(self, batch: "Batch") -> Tensor:
        loss = self._loss_of(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.task.clip is not None:
            parameters = (p for p in self.task.module.parameters() if p.grad is not None)
            clip_grad_norm_(parameters, **self.task.clip)
        self.task.optimizer.step()
        return loss.detach()


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
        self._seen = 0
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, batch: "Batch", rates: Sequence[float]) -> Tensor:
        self._rates.copy_(upload(rates, self._rates))
        if self._seen < WARM_UP:
            self._seen += 1
            self.task.optimizer.zero_grad(set_to_none=True)
            return self._train(batch)
        if self._graph is None:
            self._capture(batch)
        assert self._graph is not None
        self._batch.copy_(batch)
        self._graph.replay()
        return self._loss.clone()

    def _capture(self, batch: "Batch") -> None:
        self._batch = batch.each(Tensor.clone)
        self.task.optimizer.zero_grad(set_to_none=True)  # so that a replay writes, not adds
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
            self._loss = self._train(self._batch)
        self._graph = graph


def make_step(task: "Task") -> Step:
    """The fastest step this task allows."""
    return CapturedStep(task) if task.capturable else Step(task)
