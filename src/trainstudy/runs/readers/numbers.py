"""Which values can be an iteration, and which a score."""

import math
import re
from collections.abc import Mapping
from typing import Any

from trainstudy.runs.readers.events import Evaluation, Unit, UnsoundError

ACCURACIES = ("aAcc", "pixel_acc", "pixel_accuracy")
LAST_ITERATION = 2**53  # beyond it a float no longer tells neighbouring integers apart
_WHOLE = re.compile(r"[+-]?\d{1,20}(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str | float | bool | None) else type(value).__name__
    return text if len(text) <= 40 else text[:37] + "..."


def iteration(value: Any) -> int:
    """A number of finished training iterations, at least 1.

    Accepts whole numbers, also written as a float (80000.0); raises UnsoundError for anything else.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= LAST_ITERATION:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnsoundError("iteration is not a whole number", _shown(value))
    if not 1 <= value <= LAST_ITERATION:
        raise UnsoundError(f"iteration is {'not positive' if value < 1 else 'impossibly large'}")
    return value


def iteration_text(text: str) -> int:
    """The same for a number as text: plain digits, no thousands separators, no exponent."""
    if not _WHOLE.fullmatch(text):
        raise UnsoundError("iteration is not a whole number", _shown(text))
    return iteration(int(text.partition(".")[0]))


def score(value: Any, unit: Unit, name: str = "mIoU") -> float:
    """A score in percent from a number in ``unit``; UnsoundError when it is none or impossible."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnsoundError(f"{name} is not a number", _shown(value))
    if not -1e9 < value < 1e9:  # also NaN and integers that no float holds
        finite = isinstance(value, int) or math.isfinite(value)
        raise UnsoundError(f"{name} is {'impossible' if finite else 'not finite'}")
    percent = float(value) if unit == "percent" else float(value) * 100
    if not 0 <= percent <= 100:
        raise UnsoundError(f"{name} is outside 0 to 100 percent", _shown(value))
    return percent


def score_text(text: str, unit: Unit, name: str = "mIoU") -> float:
    """The same for a number as text, with a decimal point."""
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise UnsoundError(f"{name} is not finite")
    if not _NUMBER.fullmatch(text):
        raise UnsoundError(f"{name} is not a number", _shown(text))
    return score(float(text), unit, name)


def evaluation(line: int | None, values: Mapping[str, Any], unit: Unit) -> Evaluation:
    """The scores of a checkpoint whose iteration (0 here) is yet to be filled in.

    Numbers may be given as text. Raises UnsoundError for an impossible mIoU; an impossible pixel
    accuracy is left out and noted.
    """

    def read(name: str, shown: str) -> float:
        value = values[name]
        convert = score_text if isinstance(value, str) else score
        return convert(value, unit, shown)

    miou, accuracy, note = read("mIoU", "mIoU"), math.nan, ""
    for name in ACCURACIES:
        if values.get(name) is not None:
            try:
                accuracy = read(name, "pixel accuracy")
            except UnsoundError as error:
                note = f"left out: {error.reason}"
            break
    return Evaluation(line, 0, miou, accuracy, note=note)


def optional(value: Any) -> float:
    """A loss, learning rate or the like as a float, NaN where it is no finite number."""
    try:
        number = math.nan if isinstance(value, bool) or value is None else float(value)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan
