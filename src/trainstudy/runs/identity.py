"""What makes two trainings the same: a hash of their effective inputs, never a name."""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trainstudy.files import read_json
from trainstudy.runs.record import CHECKPOINTS, RUN


class ScheduleMismatchError(ValueError):
    """A run was asked to go on under another schedule than the one it was trained with."""


def digest(inputs: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON-like mapping, independent of the order of its keys.

    Raises TypeError where JSON cannot carry a value: a set, say, has no order to rely on.
    """
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differing(
    one: Mapping[str, Any], other: Mapping[str, Any], besides: Collection[str]
) -> set[str]:
    """The names of the inputs that two trainings do not share, but for some that need not be."""
    names = (one.keys() | other.keys()).difference(besides)
    # None is an input as well
    return {name for name in names if one.get(name, ...) != other.get(name, ...)}


def refuse_other_schedule(runs_root: Path, inputs: Mapping[str, Any], folder: Path) -> None:
    """Raise ScheduleMismatchError where a run differs from ``inputs`` in its schedule alone.

    Called before a new run starts in place of one that was to be resumed: both schedules are
    shown, and how to go on with either. A run that trained nothing yet refuses none.
    """
    for path in sorted(runs_root.glob(f"*/{RUN}")):
        try:
            record = read_json(path)
            other = record["inputs"]
        except (ValueError, KeyError):
            continue  # not a record of ours, or half of one: no reason to refuse a new run
        if path.parent == folder or not isinstance(other, dict):
            continue
        if record.get("iteration") == 0 and not any((path.parent / CHECKPOINTS).glob("iter_*")):
            continue  # a start that failed before its first checkpoint
        trained_with = other.get("schedule")
        if trained_with == inputs["schedule"]:
            continue  # another run, or the same one under another name
        if {**other, "schedule": None} == {**inputs, "schedule": None}:
            raise ScheduleMismatchError(
                f"parameter 'schedule': {path.parent} was trained with schedule "
                f"{trained_with!r}, asked now is {inputs['schedule']!r}. To continue it, ask "
                "for its own schedule; to go on from it under the new one, set branch_from to "
                "one of its checkpoints; to train a new run from the start, set resume = False."
            )
