"""This project's own runs: ``run.json`` beside ``metrics.jsonl``."""

from collections.abc import Iterator
from pathlib import Path

from trainstudy.runs.curves import SPLITS
from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.events import Event, Skip, Target, Train, Unit, UnsoundError
from trainstudy.runs.readers.lines import json_object, json_objects


def read_names(folder: Path) -> dict[str, str]:
    """Strategy, dataset and model of a run. Raises UnsoundError where ``run.json`` has them not."""
    try:
        spec = json_object(folder / "run.json").get("spec")
    except OSError as error:
        raise UnsoundError("run.json cannot be read", error.strerror or "") from None
    except UnsoundError as error:
        raise UnsoundError(f"run.json: {error.reason}") from None
    spec = spec if isinstance(spec, dict) else {}
    names: dict[str, str] = {}
    for key in ("strategy", "dataset", "model"):
        if not isinstance(name := spec.get(key), str) or not name:
            raise UnsoundError(f"run.json: its spec names no {key}")
        names[key] = name
    return names


def read_run_record(path: Path, unit: Unit) -> Iterator[Event]:
    """Training lines and evaluations of a ``metrics.jsonl``; its ``unit`` is always percent.

    The target is ``until`` of ``run.json``, in its spec or beside it.
    """
    del unit  # the format fixes it
    yield from _target(path.with_name("run.json"))
    for line, row in json_objects(path):
        try:
            if isinstance(row, Skip):
                yield row
                continue
            kind = row.get("kind")
            if kind == "train":
                loss, lr = numbers.optional(row.get("loss")), numbers.optional(row.get("lr"))
                yield Train(line, numbers.iteration(row.get("iteration")), loss, lr)
            elif kind == "val" and "mIoU" in row:
                split = row.get("split", "val")
                if split not in SPLITS:
                    raise UnsoundError(f"split is neither of {', '.join(SPLITS)}", str(split)[:40])
                at = numbers.iteration(row.get("iteration"))
                found = numbers.evaluation(line, row, "percent")
                yield found._replace(iteration=at, split=split)
            elif kind == "val":
                yield Skip(line, "validation without mIoU")
            elif kind != "exposure":
                yield Skip(line, "kind is neither of train, val, exposure")
        except UnsoundError as error:
            yield error.skip(line)


def _target(path: Path) -> Iterator[Target]:
    try:
        content = json_object(path)
        spec = content.get("spec")
        until = content.get("until", spec.get("until") if isinstance(spec, dict) else None)
        yield Target(numbers.iteration(until))
    except (OSError, UnsoundError):
        return
