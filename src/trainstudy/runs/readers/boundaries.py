"""The iteration of a validation that does not say it, where the lines around it determine it.

A validation line stands after the training line of its iteration and before the next one. With the
validation interval known there is a known list of iterations between the two. Where as many
validation lines stand there, they are these, in order; where fewer do, one was lost and none is
assigned.
"""

from trainstudy.runs.readers.events import Evaluation, Skip
from trainstudy.runs.readers.schedules import MANY, Schedule

UNPLACED = "validation names no iteration and the lines around it do not determine it"


class Boundaries:
    """Places validations between anchors, which are lines that do say their iteration."""

    def __init__(self, schedule: Schedule | None = None, *, is_complete: bool = True) -> None:
        """``is_complete`` is false where the configuration may have said more than ``schedule``."""
        self.schedule = schedule or Schedule()
        self._is_complete = is_complete
        self.low: int | None = None
        self._is_checkpoint = False
        self.intact = False  # nothing but validation progress since the anchor
        self._waiting: list[Evaluation] = []
        self._lost = False

    def anchor(self, iteration: int, *, is_checkpoint: bool = False) -> list[Evaluation | Skip]:
        """A training line, or "Saving checkpoint at N iterations", which precedes validation N."""
        settled = self._settle(iteration if iteration >= (self.low or 0) else None)
        if is_checkpoint and self.low == iteration + 1:
            return settled  # saved after its validation: the next one is not its own
        self.low, self.intact, self._is_checkpoint = iteration, True, is_checkpoint
        return settled

    def resumed(self, iteration: int) -> list[Evaluation | Skip]:
        """A start at ``iteration``: what was validated there was validated before."""
        settled = self._settle(None)
        self.low, self.intact = iteration + 1, False
        return settled

    def damage(self) -> None:
        """A line could not be read: it may have been an anchor or a validation."""
        self.intact = False

    def validation(self, found: Evaluation) -> list[Evaluation | Skip]:
        """A validation, settled at once where the anchor directly before it decides."""
        if self.intact and self.low is not None and self._validates_at(self.low):
            at, self.low, self.intact = self.low, self.low + 1, False
            return [found._replace(iteration=at)]
        self.intact = False
        if len(self._waiting) < MANY - 1:
            self._waiting.append(found)
            return []
        self._lost = True  # bounded memory: too many to be told apart
        return [Skip(found.line, UNPLACED)]

    def close(self) -> list[Evaluation | Skip]:
        """The end of the file: only the end of the training bounds what is left."""
        return self._settle(None)

    def _validates_at(self, iteration: int) -> bool:
        if self.schedule.val_interval is None and self._is_checkpoint:
            # Logged between that iteration and its validation; with no interval stated anywhere,
            # validating where a checkpoint was just saved is what the log shows.
            return self._is_complete
        return self.schedule.validates_at(iteration)

    def _settle(self, high: int | None) -> list[Evaluation | Skip]:
        waiting, self._waiting = self._waiting, []
        lost, self._lost = self._lost, False
        if not waiting:
            return []
        if high is None and self.low is not None and self.schedule.max_iters is not None:
            high = self.schedule.max_iters + 1
        due: list[int] = []
        if not lost and high is not None and self.schedule.val_interval is not None:
            due = self.schedule.between(self.low or 1, high)
        if len(due) != len(waiting):
            return [Skip(found.line, UNPLACED) for found in waiting]
        return [found._replace(iteration=at) for at, found in zip(due, waiting, strict=True)]
