"""What is trained when: stages that follow each other, their phases, and the tasks of an iteration.

Everything is counted in batches of one task. An epoch of a task is ``epoch_length`` of its batches,
and a phase gives each of its tasks the same number, whether they share iterations or take turns, so
that what two ways cost can be compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Phase:
    """``epochs`` epochs of each of ``tasks``, at ``rate`` times the learning rate.

    ``mix``: "together", every iteration trains all tasks; "in turn", it trains one, and the next
    iteration the next; "ramp", the share of the iterations that train all tasks rises linearly from
    0 to 1, the others go on in turn.
    """

    epochs: float
    tasks: tuple[str, ...]
    rate: float = 1.0
    mix: Literal["together", "in turn", "ramp"] = "together"

    def batches(self, epoch_length: int) -> int:
        """Of each task."""
        return round(self.epochs * epoch_length)

    def iterations(self, epoch_length: int) -> int:
        rounds = self._rounds(epoch_length)
        return self.batches(epoch_length) + rounds * (len(self.tasks) - 1)

    def seen(self, iterations: int, epoch_length: int) -> dict[str, int]:
        """The batches of each task in the first ``iterations`` of the phase."""
        rounds, total = self._rounds(epoch_length), self.iterations(epoch_length)
        shared = self.batches(epoch_length) - rounds
        # the integral of a linear ramp; with enough rounds no iteration raises it by more than one
        joint = shared * iterations**2 // total**2 if rounds else iterations
        alone, tasks = iterations - joint, len(self.tasks)
        return {
            task: joint + (alone + tasks - 1 - place) // tasks
            for place, task in enumerate(self.tasks)
        }

    def _rounds(self, epoch_length: int) -> int:
        """How often each task has an iteration for itself."""
        batches = self.batches(epoch_length)
        ramp = -(-batches // (len(self.tasks) + 1))  # half of all iterations, rounded up
        return {"together": 0, "in turn": batches, "ramp": ramp}[self.mix]


@dataclass(frozen=True)
class Stage:
    """One training. It starts from the last weights of its ``parent``, or from scratch.

    ``name`` tells the path that led here, "seg>det"; ``earlier`` are the tasks of the stages
    before it that it does not train itself, in order.
    """

    name: str
    tasks: tuple[str, ...]
    phases: tuple[Phase, ...]
    parent: str | None = None
    earlier: tuple[str, ...] = ()


def iterations(stage: Stage, epoch_length: int) -> int:
    """The length of a stage."""
    return sum(phase.iterations(epoch_length) for phase in stage.phases)


def seen(stage: Stage, iteration: int, epoch_length: int) -> dict[str, int]:
    """The batches of each of the stage's tasks in its first ``iteration`` iterations: where in its
    stream of images a task stands."""
    counts = dict.fromkeys(stage.tasks, 0)
    for phase, done in _until(stage, iteration, epoch_length):
        for task, count in phase.seen(done, epoch_length).items():
            counts[task] += count
    return counts


def active(stage: Stage, iteration: int, epoch_length: int) -> tuple[tuple[str, ...], float]:
    """The tasks that iteration number ``iteration`` (from 1) trains, and its factor on the rate.

    Raises ValueError outside the stage.
    """
    end = iterations(stage, epoch_length)
    if not 1 <= iteration <= end:
        raise ValueError(f"stage {stage.name!r} has the iterations 1 to {end}, not {iteration}")
    *_, (phase, done) = _until(stage, iteration, epoch_length)
    before, after = (phase.seen(count, epoch_length) for count in (done - 1, done))
    return tuple(task for task in phase.tasks if after[task] > before[task]), phase.rate


def _until(stage: Stage, iteration: int, epoch_length: int) -> Iterator[tuple[Phase, int]]:
    """The phases begun by ``iteration``, and how many of its iterations each has had by then."""
    for phase in stage.phases:
        if iteration <= 0:
            return
        length = phase.iterations(epoch_length)
        if length:
            yield phase, min(iteration, length)
        iteration -= length
