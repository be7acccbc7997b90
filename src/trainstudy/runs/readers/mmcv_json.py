"""mmcv's ``TIMESTAMP.log.json``, as mmsegmentation 0.x wrote it.

A validation line's ``iter`` is the number of validation batches in most versions and the training
iteration in others: it is never used. Scores are fractions.
"""

from collections.abc import Iterator
from pathlib import Path

from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.boundaries import Boundaries
from trainstudy.runs.readers.events import Event, Skip, Target, Train, Unit, UnsoundError
from trainstudy.runs.readers.lines import json_objects
from trainstudy.runs.readers.schedules import parse_schedule

IN_EPOCHS = "training line counts within its epoch: the file does not tell the length of an epoch"
UNKNOWN = "no configuration above the line to tell iterations from epochs"


def read_mmcv_json(path: Path, unit: Unit) -> Iterator[Event]:
    """Training lines, and the evaluations that the configured interval places exactly."""
    boundaries = Boundaries()
    for line, row in json_objects(path):
        try:
            if isinstance(row, Skip):
                boundaries.damage()
                yield row
            elif isinstance(config := row.get("config"), str):
                yield from boundaries.close()
                boundaries = Boundaries(parse_schedule(config))
                if boundaries.schedule.max_iters is not None:
                    yield Target(boundaries.schedule.max_iters)
            elif row.get("mode") == "train":
                if boundaries.schedule.by_epoch is not False:
                    yield Skip(line, IN_EPOCHS if boundaries.schedule.by_epoch else UNKNOWN)
                    continue
                iteration = numbers.iteration(row.get("iter"))
                yield from boundaries.anchor(iteration)
                loss, lr = row.get("loss"), row.get("lr")
                yield Train(line, iteration, numbers.optional(loss), numbers.optional(lr))
            elif row.get("mode") == "val" and "mIoU" in row:
                found = numbers.evaluation(line, row, unit)
                yield from boundaries.validation(found._replace(in_fractions=True))
            elif row.get("mode") == "val":
                boundaries.damage()
                yield Skip(line, "validation without mIoU")
            elif not {"env_info", "hook_msgs", "exp_name", "seed"} & row.keys():
                yield Skip(line, "neither a training nor a validation line")
        except UnsoundError as error:
            boundaries.damage()
            yield error.skip(line)
    yield from boundaries.close()
