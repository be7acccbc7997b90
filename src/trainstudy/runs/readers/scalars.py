"""mmengine's ``vis_data/scalars.json``: JSON lines of a training's LocalVisBackend.

Written by LoggerHook: training lines hold ``iter`` and ``step``; validation lines hold ``step``
alone, which is the iteration under ``log_metric_by_epoch=False`` and otherwise the *epoch* (always
0 in a loop that counts iterations).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.boundaries import Boundaries
from trainstudy.runs.readers.events import (
    Evaluation,
    Event,
    Skip,
    Target,
    Train,
    Unit,
    UnsoundError,
)
from trainstudy.runs.readers.lines import json_objects
from trainstudy.runs.readers.schedules import Schedule, schedule_of

# Without a training line above it a step this large is taken for an iteration: no segmentation
# training lasts a thousand epochs, and a smaller number cannot be told from one.
SURELY_ITERATIONS = 1_000
OTHER_SCORES = ("aAcc", "mAcc", "mDice", "mFscore", "mPrecision", "mRecall")
AMBIGUOUS = "validation step may count epochs: the file does not determine its iteration"


class Survey(NamedTuple):
    """Whether training lines name epochs (None: there is no training line), and their length."""

    by_epoch: bool | None
    epoch_length: int | None


def _without_mode(row: dict[str, Any]) -> dict[str, Any]:
    """``val/mIoU`` as ``mIoU``: the names under log_with_hierarchy, where the first has one."""
    if not next(iter(row), "").startswith(("train/", "val/")):
        return row
    return {key.removeprefix("train/").removeprefix("val/"): value for key, value in row.items()}


def _is_training(row: dict[str, Any]) -> bool:
    if "mIoU" in row:
        return "iter" in row and "loss" in row
    return "iter" in row or "loss" in row


def _iteration(row: dict[str, Any]) -> int:
    # `step` first: older versions put the position within the epoch into `iter`
    return numbers.iteration(row["step"] if "step" in row else row.get("iter"))


def survey(path: Path) -> Survey:
    """Look for epochs in the training lines.

    An epoch length L fits a line of epoch e at iteration i when (e-1) L < i <= e L. The length is
    given only where all lines together leave exactly one.
    """
    low, high, found = 1, numbers.LAST_ITERATION, False
    for _, row in json_objects(path):
        if isinstance(row, Skip) or not _is_training(row := _without_mode(row)):
            continue
        if "epoch" not in row and not found:
            return Survey(False, None)
        found = True
        try:
            epoch, iteration = numbers.iteration(row.get("epoch")), _iteration(row)
        except UnsoundError:
            continue
        low = max(low, -(-iteration // epoch))
        if epoch > 1:
            high = min(high, (iteration - 1) // (epoch - 1))
    return Survey(True if found else None, low if found and low == high else None)


class _Steps:
    """The iteration of each validation step, given what was seen before it."""

    def __init__(self, survey: Survey, schedule: Schedule) -> None:
        self.survey, self.schedule = survey, schedule
        self.boundaries = Boundaries(schedule)
        self.last: int | None = None  # iteration of the training line above
        self.epoch: object = None

    def training(self, iteration: int, epoch: object) -> list[Evaluation | Skip]:
        self.last, self.epoch = iteration, epoch
        return self.boundaries.anchor(iteration)

    def validation(self, step: Any, found: Evaluation) -> list[Evaluation | Skip]:
        if step == 0 and not isinstance(step, bool):  # the epoch, in a loop that counts iterations
            return self.boundaries.validation(found)
        number = numbers.iteration(step)
        intact, self.boundaries.intact = self.boundaries.intact, False
        if self._is_iteration(number, intact):
            self.boundaries.low = number + 1
            return [found._replace(iteration=number)]
        length = self.survey.epoch_length
        if length is not None and number * length >= (self.last or 0):
            return [found._replace(iteration=number * length)]
        return [Skip(found.line, AMBIGUOUS)]

    def _is_iteration(self, step: int, intact: bool) -> bool:
        if self.survey.by_epoch:
            return intact and self.last is not None and step >= self.last
        if self.last is not None:
            return step >= self.last
        return self.schedule.by_epoch is False or step >= SURELY_ITERATIONS


def read_scalars(path: Path, unit: Unit) -> Iterator[Event]:
    """Training lines and evaluations of one start, each evaluation at a proven iteration.

    A validation step counts as the iteration when it is not before the training line above it (in
    a file that names epochs: and nothing stands between). Otherwise it is an epoch, and is
    converted only if the training lines leave one possible length of an epoch. A step of 0 is
    placed by the validation interval in the ``config.py`` beside the file (see Boundaries).
    """
    schedule = schedule_of(path.with_name("config.py"))
    if schedule.max_iters is not None:
        yield Target(schedule.max_iters)
    steps = _Steps(survey(path), schedule)
    for line, row in json_objects(path):
        try:
            if isinstance(row, Skip):
                steps.boundaries.damage()
                yield row
            elif _is_training(row := _without_mode(row)):
                iteration = _iteration(row)
                yield from steps.training(iteration, row.get("epoch"))
                loss, lr = row.get("loss"), row.get("lr", row.get("base_lr"))
                yield Train(line, iteration, numbers.optional(loss), numbers.optional(lr))
            elif "mIoU" in row:
                yield from steps.validation(row.get("step"), numbers.evaluation(line, row, unit))
            elif any(key in row for key in OTHER_SCORES):
                steps.boundaries.damage()
                yield Skip(line, "validation without mIoU")
            else:
                yield Skip(line, "neither a training nor a validation line")
        except UnsoundError as error:
            steps.boundaries.damage()
            yield error.skip(line)
    yield from steps.boundaries.close()
