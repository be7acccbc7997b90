"""Iterations in a log that counts epochs and states how many batches an epoch has."""

from trainstudy.runs.readers.events import Evaluation, Skip

UNKNOWN_LENGTH = "validation names an epoch, and the number of iterations in one is not known"


class Epochs:
    """Converts epochs exactly, or not at all."""

    def __init__(self) -> None:
        self._epoch, self._iteration = 0, 0  # finished epochs and iterations at a known point
        self._length: int | None = None
        self._is_anchored = True

    def resumed(self, epoch: int, iteration: int) -> None:
        """A start after ``epoch`` finished epochs at ``iteration``."""
        self._epoch, self._iteration = epoch, iteration
        self._length, self._is_anchored = None, True

    def training(self, epoch: int, batch: int, length: int) -> int | None:
        """The iteration of the given batch (from 1) in an epoch (from 1) of ``length`` batches."""
        if self._length not in (None, length):
            self._is_anchored = False  # batches changed in size at an unknown point
        self._length = length
        finished = self._iterations(epoch - 1)
        return None if finished is None else finished + batch

    def validation(self, epoch: int, found: Evaluation) -> Evaluation | Skip:
        """A validation after ``epoch`` finished epochs, at its iteration if that is certain."""
        at = self._iterations(epoch)
        return found._replace(iteration=at) if at else Skip(found.line, UNKNOWN_LENGTH)

    def _iterations(self, epoch: int) -> int | None:
        if not self._is_anchored or self._length is None or epoch < self._epoch:
            return None
        return self._iteration + (epoch - self._epoch) * self._length
