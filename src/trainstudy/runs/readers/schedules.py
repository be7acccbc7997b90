"""What a configuration text says about the length of a training and its validations.

The text is searched, never executed: configurations are Python and come from anywhere.
"""

import re
from dataclasses import dataclass
from pathlib import Path

LIMIT = 2**20  # bytes of a configuration that are looked at
_EVALUATION = re.compile(r"\bevaluation\s*=\s*dict\(([^()]*(?:\([^()]*\)[^()]*)*)\)")  # mmcv
_ITERATIONS = re.compile(r"IterBased(?:TrainLoop|Runner)|\b(?:max|total)_iters\b")
_EPOCHS = re.compile(r"EpochBased(?:TrainLoop|Runner)|\b(?:max|total)_epochs\b")


@dataclass(frozen=True)
class Schedule:
    """Iterations asked for, and when validation runs; None where the text leaves it open."""

    max_iters: int | None = None
    val_interval: int | None = None
    val_begin: int = 1
    by_epoch: bool | None = None

    def validates_at(self, iteration: int) -> bool:
        """Whether a validation runs right after this iteration (False when that is unknown)."""
        return iteration in self.between(iteration, iteration + 1)

    def between(self, low: int, high: int) -> list[int]:
        """Every iteration in [low, high) after which a validation runs, ascending.

        Follows mmengine's IterBasedTrainLoop: multiples of the interval from ``val_begin`` on, and
        the very last iteration. An unknown interval leaves only the last iteration certain.
        """
        low = max(low, self.val_begin, 1)
        high = min(high, self.max_iters + 1) if self.max_iters else high
        step = self.val_interval
        found = [] if step is None else list(range(-(-low // step) * step, high, step)[:MANY])
        if self.max_iters and low <= self.max_iters < high and self.max_iters not in found:
            found.append(self.max_iters)
        return found


MANY = 1_000  # more validations than this between two log lines are not told apart


def _single(text: str, name: str) -> int | None:
    """The one integer this name is given; None without one or with several."""
    found = re.findall(rf"\b{name}['\"]?\s*[=:]\s*(\d{{1,15}})(?![\w.])", text)
    values = {int(value) for value in found}
    return values.pop() if len(values) == 1 else None


def parse_schedule(text: str) -> Schedule:
    """The schedule in a configuration of mmengine or mmcv, as far as it is unambiguous."""
    text = re.sub(r"#[^\n]*", "", text)
    old = _EVALUATION.search(text)
    interval = _single(old[1], "interval") if old else _single(text, "val_interval")
    begin = _single(old[1], "start") if old else _single(text, "val_begin")
    if re.search(r"dynamic_intervals['\"]?\s*[=:]\s*(?!None)", text):
        interval = None  # it changes during the training
    in_iterations, in_epochs = bool(_ITERATIONS.search(text)), bool(_EPOCHS.search(text))
    by_epoch = None if in_iterations == in_epochs else in_epochs
    return Schedule(
        max_iters=_single(text, "max_iters") or None,
        val_interval=(interval or None) if by_epoch is not True else None,
        val_begin=begin or 1,
        by_epoch=by_epoch,
    )


def schedule_of(path: Path) -> Schedule:
    """The schedule in a configuration file; an empty one where there is no readable file."""
    try:
        with path.open("rb") as file:
            return parse_schedule(file.read(LIMIT).decode(errors="replace"))
    except OSError:
        return Schedule()
