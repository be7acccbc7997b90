"""What a remedy against forgetting may do, and what it is told of the past."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PositiveInt
from torch import Tensor

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.network import Network, Outputs
from trainstudy.training.randomness import generator

Loss = Callable[[str, Network, TaskSet, Sequence[int]], Tensor]
Strength = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Some = PositiveInt | Literal["all"]  # images of a set


@dataclass(frozen=True)
class Past:
    """The earlier stages of a training, oldest first: what each trained, on what, and what it left
    (the network's state_dict)."""

    tasks: tuple[str, ...] = ()
    weights: tuple[dict[str, Tensor], ...] = ()
    sets: tuple[TaskSet, ...] = ()


class Remedy(BaseModel):
    """The remedy that does nothing; others override what they do. Fields are its options.

    It belongs to one stage. The stage calls ``begin`` of all its remedies, then ``freeze`` of all,
    and ``penalty`` in every iteration. Without a past every remedy does nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def begin(self, network: Network, past: Past, loss: Loss, seed: int) -> None:
        """Prepare, from the weights that the stage starts from, also when it is resumed.

        ``loss(task, network, set, indices)`` is the mean training loss of some images.
        """

    def freeze(self, network: Network) -> None:
        """Keep parts of the network from being trained."""

    def penalty(self, network: Network, images: Tensor, outputs: Outputs) -> Tensor | None:
        """A scalar to add to the loss of normalised ``images`` [B,3,H,W] and their ``outputs``."""
        return None

    def replayed(self, past: Past, seed: int) -> dict[str, list[int]]:
        """By earlier task: the images of its set that are trained on beside the new ones."""
        return {}

    def __str__(self) -> str:
        options = ",".join(f"{name}={value}" for name, value in self.model_dump().items())
        return ":".join(filter(None, (type(self).__module__.rpartition(".")[2], options)))


def some_of(dataset: TaskSet, count: Some, seed: int, purpose: str) -> list[int]:
    """``count`` images of a set, in a drawn order; fewer are the beginning of more."""
    drawn: np.ndarray = generator(seed, f"{purpose} {dataset.task}").permutation(len(dataset))
    chosen: list[int] = drawn[: None if count == "all" else count].tolist()
    return chosen


def teacher_of(network: Network) -> Network:
    """A copy that never changes."""
    return deepcopy(network).eval().requires_grad_(False)
