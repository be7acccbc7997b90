"""What makes the records of a training of several tasks unusable: the file, the line, the reason.

Checked is what chapters read of them, so that one damaged run costs a chain and not a page.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    NonNegativeInt,
    PositiveInt,
    TypeAdapter,
    ValidationError,
)

from trainstudy.files import read_json
from trainstudy.runs.record import METRICS, RUN, TESTS

Score = Annotated[FiniteFloat, Field(ge=0, le=100)]  # percent
MEASURED = ("cosine_", "weight_")  # how names of further values that are shown begin


class Fault(NamedTuple):
    """What is wrong where; ``chain``: what is left out for it, "" where that is not known."""

    file: Path
    line: int | None
    reason: str
    chain: str = ""

    @property
    def text(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.chain}: {self.reason}" if self.chain else f"{place}: {self.reason}"


class FaultError(ValueError):
    """A record is unusable; the text names the file, the line where there is one, the reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class _Model(BaseModel):
    model_config = ConfigDict(strict=True)  # more than what is checked may be there


class _Spec(_Model):
    tasks: list[Literal["seg", "det", "cls"]] = Field(min_length=1)
    backbone: str


class _Start(_Model):
    device: str
    interval: PositiveInt
    seconds: FiniteFloat | None = None
    joules: FiniteFloat | None = None


class _Part(_Model):
    name: str


class _Record(_Model):
    spec: _Spec
    data: dict[str, _Part]
    iteration: NonNegativeInt
    until: NonNegativeInt | None = None
    starts: list[_Start] = Field(min_length=1)


class _Line(_Model):
    iteration: NonNegativeInt


class _Scores(_Line):
    mIoU: Score  # noqa: N815 - as records have it
    mAP50: Score  # noqa: N815
    top1: Score


class _Tested(_Scores):
    split: Literal["test"]


class _Exposure(_Line):
    real: NonNegativeInt
    generated: NonNegativeInt


KINDS: dict[Any, type[_Line]] = {"train": _Line, "val": _Scores, "exposure": _Exposure}
_FINITE = TypeAdapter(dict[str, FiniteFloat], config=ConfigDict(strict=True))


def check_run(run: Path) -> bool:
    """Whether a run has test scores of its end. Raises FaultError for the first fault of its
    ``run.json``, ``metrics.jsonl`` and ``tests.jsonl``; only the last may be missing."""
    record = check_record(run / RUN)
    reached = record["iteration"]
    if reached == 0:
        raise FaultError(Fault(run / RUN, None, "not trained yet: iteration 0"))
    whole = is_ended(record)
    if reached not in _iterations(run / METRICS, reached, whole, tests=False):
        raise FaultError(Fault(run / METRICS, None, f"no validation at iteration {reached}"))
    if not (run / TESTS).exists():
        return False
    tested = _iterations(run / TESTS, reached, whole, tests=True)
    if tested and reached not in tested:
        raise FaultError(Fault(run / TESTS, None, f"no test scores at iteration {reached}"))
    return bool(tested)


def check_record(path: Path) -> dict[str, Any]:
    """The content of a ``run.json``. Raises FaultError where it is none of several tasks."""
    return validated(load_record(path), path)


def load_record(path: Path) -> dict[str, Any]:
    """The content of a ``run.json`` of any training. Raises FaultError for one that is no JSON
    object."""
    try:
        return read_json(path)
    except ValueError as error:
        cause = error.__cause__
        reason = cause.strerror if isinstance(cause, OSError) else str(cause or error)
        reason = str(reason).removeprefix(f"{path}: ")
        raise FaultError(Fault(path, getattr(cause, "lineno", None), reason)) from None


def validated(record: dict[str, Any], path: Path) -> dict[str, Any]:
    """The record itself, when it is one of several tasks; else FaultError."""
    try:
        _Record.model_validate(record)
    except ValidationError as error:
        raise FaultError(Fault(path, None, _first(error))) from None
    return record


def is_ended(record: dict[str, Any]) -> bool:
    """Whether a run was trained as far as it was to be."""
    until = record.get("until")  # older records do not tell it
    return until is None or bool(record["iteration"] >= until)


def read_lines(path: Path, *, whole: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and content of every line of a file of JSON objects.

    A torn last line, as a killed writer leaves it, is passed over unless all are to be ``whole``.
    Raises FaultError for any other line, and for a file that cannot be read.
    """
    try:
        *lines, rest = path.read_bytes().split(b"\n")
    except OSError as error:
        raise FaultError(Fault(path, None, str(error.strerror))) from None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise FaultError(Fault(path, number, f"no JSON: {error}")) from None
        if not isinstance(row, dict):
            reason = f"expected a JSON object, found {type(row).__name__}"
            raise FaultError(Fault(path, number, reason))
        yield number, row
    if rest and whole:
        raise FaultError(Fault(path, len(lines) + 1, "line is cut short: it has no end"))


def _iterations(path: Path, reached: int, whole: bool, *, tests: bool) -> set[int]:
    """The iterations with scores, every line checked."""
    found: set[int] = set()
    for number, row in read_lines(path, whole=whole):
        try:
            scored = _check_line(row, tests)
            if scored and row["iteration"] in found:
                raise ValueError(f"iteration {row['iteration']} a second time")
            if scored and row["iteration"] > reached:
                raise ValueError(f"iteration {row['iteration']}, but {RUN} ends at {reached}")
        except ValidationError as error:
            raise FaultError(Fault(path, number, _first(error))) from None
        except ValueError as error:
            raise FaultError(Fault(path, number, str(error))) from None
        if scored:
            found.add(row["iteration"])
    return found


def _check_line(row: dict[str, Any], tests: bool) -> bool:
    """Whether a line has scores. Raises ValueError, which pydantic's is, for what is wrong."""
    kind = row.get("kind")
    model = _Tested if tests else KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise ValueError(f"kind is none of {', '.join(KINDS)}: {kind!r}")
    model.model_validate(row)
    _FINITE.validate_python({n: value for n, value in row.items() if n.startswith(MEASURED)})
    return issubclass(model, _Scores)


def _first(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
