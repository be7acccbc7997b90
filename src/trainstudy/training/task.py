"""What the loop trains: a task, its batches, and what its evaluation gives."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer


class AnyBatch:
    """What the loop and the step know of a batch: its tensors are the fields that hold some, alone
    or in tuples, named or not; ``names`` and ``generated`` tell where its images come from.

    Batches of one ``kind`` have tensors of the same shapes; each kind is captured by itself.
    """

    names: list[str]
    generated: list[bool]
    kind: str = ""

    @property
    def tensors(self) -> list[Tensor]:
        """What a step reads."""
        return [tensor for own in fields(self) for tensor in _tensors(getattr(self, own.name))]  # type: ignore[arg-type]

    def each(self, change: Callable[[Tensor], Tensor]) -> Self:
        """The batch with every tensor changed."""
        values = {own.name: getattr(self, own.name) for own in fields(self)}  # type: ignore[arg-type]
        return replace(self, **{name: _changed(value, change) for name, value in values.items()})  # type: ignore[type-var]

    def copy_(self, other: "AnyBatch") -> None:
        """Overwrite the tensors in their places."""
        for own, new in zip(self.tensors, other.tensors, strict=True):
            own.copy_(new)


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, tuple):
        return [tensor for part in value for tensor in _tensors(part)]
    return [value] if isinstance(value, Tensor) else []


def _changed(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(value, tuple):
        parts = [_changed(part, change) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return change(value) if isinstance(value, Tensor) else value


@dataclass(frozen=True)
class Batch(AnyBatch):
    """One batch: ``images`` uint8 [B,3,h,w], ``labels`` uint8 [B,h,w], and their origin.

    Mixtures of K images have labels [B,K,h,w] and ``weights`` float [B,K].
    """

    images: Tensor
    labels: Tensor
    names: list[str]
    generated: list[bool]
    weights: Tensor | None = None


@dataclass(frozen=True)
class Evaluation:
    """Validation values by name, and the confusion matrices of the images [N,C,C] if any."""

    values: dict[str, Any]
    confusions: NDArray[np.int64] | None = None


class Task(ABC):
    """What is trained: the loop knows nothing of segmentation or detection.

    ``ratio`` is the share of generated images; ``clip`` holds the arguments of ``clip_grad_norm_``;
    ``capturable`` says whether a step may be captured in a CUDA graph; ``measures`` names what a
    step tells for the record.
    """

    module: nn.Module
    optimizer: Optimizer
    ratio: float = 0.0
    clip: dict[str, Any] | None = None
    capturable: bool = False
    measures: tuple[str, ...] = ("loss",)

    @abstractmethod
    def batch(self, iteration: int) -> AnyBatch: ...

    @abstractmethod
    def loss(self, batch: Any) -> Tensor: ...

    @abstractmethod
    def evaluate(self) -> Evaluation: ...

    def backward(self, loss: Tensor) -> Tensor:
        """Make the gradients; the ``measures`` of this step, detached, a scalar or a vector."""
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def updated(self, batch: Any) -> None:  # noqa: B027 - few tasks need it
        """What there is to do once the weights are updated."""

    def factor(self, iteration: int) -> float:
        """By what the schedule's rate is multiplied in an iteration."""
        return 1.0
