"""What a reader can say about a file: a training line, an evaluation, a target, or a skip."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

Unit = Literal["percent", "fraction"]
UNITS = ("percent", "fraction")


class Train(NamedTuple):
    """A training line: loss and learning rate, NaN where the line has none."""

    line: int
    iteration: int
    loss: float
    lr: float


class Evaluation(NamedTuple):
    """An evaluated checkpoint, scores in percent.

    ``in_fractions`` tells that the format itself writes fractions, ``note`` what it lacks.
    """

    line: int | None
    iteration: int
    miou: float
    pixel_acc: float
    split: str = "val"
    in_fractions: bool = False
    note: str = ""


class Target(NamedTuple):
    """The number of iterations that a training was asked for."""

    iterations: int


class Skip(NamedTuple):
    """Something left out. Equal reasons of one file are counted; the first detail is shown."""

    line: int | None
    reason: str
    detail: str = ""


Event = Train | Evaluation | Target | Skip
Reader = Callable[[Path, Unit], Iterator[Event]]


class UnsoundError(ValueError):
    """A value that cannot be what it stands for."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} ({detail})" if detail else reason)
        self.reason, self.detail = reason, detail

    def skip(self, line: int | None) -> Skip:
        return Skip(line, self.reason, self.detail)
