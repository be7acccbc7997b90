"""One training shared by several processes, one a GPU, that gives what one process would give.

Every process makes the whole batch and takes its rows, so order, mixing, exposure and dropout are
those of one process. A loss has to be a mean over the rows: the mean of equal parts is then that of
the batch, for gradients too. Batch norm takes its statistics over all processes. What is left is
the order in which numbers are summed.
"""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parallel import DistributedDataParallel

from trainstudy.training import dropout

if TYPE_CHECKING:
    from trainstudy.training.task import Batch, Task


def size() -> int:
    """How many processes train together; 1 where none were launched."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """The number of this process; the first, 0, is the one that writes and evaluates."""
    return dist.get_rank() if dist.is_initialized() else 0


def rows(count: int) -> slice:
    """This process's part of a batch. Raises ValueError where there are no equal parts."""
    each, rest = divmod(count, size())
    if rest:
        raise ValueError(f"a batch of {count} has no equal parts for {size()} processes")
    return slice(rank() * each, (rank() + 1) * each)


def mean(values: Tensor) -> Tensor:
    """The mean over all processes, element by element and in place."""
    if size() > 1:
        dist.all_reduce(values)
        values /= size()
    return values


def wait() -> None:
    """Go on when every process has come here."""
    if size() > 1:
        dist.barrier()


def agree(iteration: int) -> None:
    """Raise RuntimeError where the processes are to start from different iterations."""
    found = [iteration] * size()
    if size() > 1:
        dist.all_gather_object(found, iteration)
    if len(set(found)) > 1:
        raise RuntimeError(f"the processes read checkpoints of different iterations: {found}")


def share(task: "Task") -> Callable[["Batch"], Tensor]:
    """The task's loss of a whole batch, of which each process computes its part.

    The gradients of the parts are averaged while they are computed. To be called by all processes,
    on the stream that they train on.
    """
    _synchronise(task.module)
    shared = DistributedDataParallel(_Part(task), gradient_as_bucket_view=True)
    shared.broadcast_buffers = False  # at every step: they are equal
    # said of weights [C,1,k,k], where two kinds of strides mean the same
    warnings.filterwarnings("ignore", "Grad strides do not match bucket view strides")
    return shared


class _Part(nn.Module):
    """The loss of this process's rows as a module, which DistributedDataParallel asks for."""

    def __init__(self, task: "Task") -> None:
        super().__init__()
        self.module, self._loss = task.module, task.loss
        self._numbers = dropout.install(task.module)

    def forward(self, batch: "Batch") -> Tensor:
        own = rows(len(batch.images))
        self._numbers.first_row = own.start
        return self._loss(batch.each(lambda tensor: tensor[own]))


def _synchronise(module: nn.Module) -> None:
    """Make every batch norm of ``module`` take its statistics over all processes."""
    if next(module.parameters()).is_cuda:
        nn.SyncBatchNorm.convert_sync_batchnorm(module)  # type: ignore[no-untyped-call]
    for layer in module.modules():
        if isinstance(layer, nn.SyncBatchNorm):
            # a compiled graph ends before it and begins again after it
            layer.forward = torch.compiler.disable(layer.forward)  # type: ignore
        elif isinstance(layer, _BatchNorm):  # torch has none of its own for CPUs
            layer.register_forward_pre_hook(_take_the_whole)
            layer.register_forward_hook(_take_the_own)


def _take_the_whole(layer: nn.Module, given: tuple[Tensor]) -> Any:
    return _Gather.apply(given[0]) if layer.training else None  # type: ignore[no-untyped-call]


def _take_the_own(layer: nn.Module, _: Any, found: Tensor) -> Tensor | None:
    return found[rows(len(found))] if layer.training else None


class _Gather(torch.autograd.Function):
    """The rows of all processes in order, from those of each; the gradients of all of them."""

    @staticmethod
    def forward(_: Any, part: Tensor) -> Tensor:
        part = part.contiguous()
        parts = [torch.empty_like(part) for _ in range(size())]
        dist.all_gather(parts, part)
        return torch.cat(parts)

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        gradient = gradient.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(gradient)
        return gradient[rows(len(gradient))]
