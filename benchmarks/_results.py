"""The rows of ``results/*.json``: one comparison each, checked when written and when read."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pydantic
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, TypeAdapter

from trainstudy.runs import provenance

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("torch", "onedl-mmengine", "onedl-mmsegmentation")
COST = " (ratio: theirs/ours)"  # ends the unit where less is better


class Row(BaseModel):
    """``ratio`` is ours/theirs, of a cost theirs/ours: above 1 ours is better."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    peer: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    ours: FiniteFloat
    theirs: FiniteFloat
    ratio: FiniteFloat
    device: str = Field(min_length=1)
    command: str = Field(pattern=r"^python -m benchmarks\.")
    date: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    details: dict[str, JsonValue] = Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _ratio_follows(self) -> Self:
        if not math.isclose(self.ratio, self._expected(), rel_tol=0.01, abs_tol=1e-4):
            raise ValueError(f"{self.name}: ratio {self.ratio}, expected {self._expected():.4g}")
        return self

    def __str__(self) -> str:
        return f"{self.name}: {self.ours} {self.unit}, {self.peer}: {self.theirs}, x {self.ratio}"

    def _expected(self) -> float:
        over, under = (self.ours, self.theirs)[:: -1 if self.unit.endswith(COST) else 1]
        return over / under if under else 0.0


def compare(
    name: str, peer: str, unit: str, ours: float, theirs: float,
    *, device: str, command: str, cost: bool = False, **details: Any,
) -> Row:  # fmt: skip
    """A row of today and of the packages installed; ``cost`` says that less is better."""
    installed = provenance.versions()
    details["versions"] = {name: installed[name] for name in PACKAGES}
    over, under = (theirs, ours) if cost else (ours, theirs)
    return Row(
        name=name, peer=peer, unit=unit + COST * cost,
        ours=_short(ours), theirs=_short(theirs), ratio=_short(over / under if under else 0.0),
        device=device, command=command, date=datetime.now(UTC).date().isoformat(),
        details=_short(details),
    )  # fmt: skip


def load(path: Path) -> list[Row]:
    """The rows of a file. Raises ValueError naming the file and what is wrong in it."""
    try:
        return TypeAdapter(list[Row]).validate_json(path.read_bytes())
    except pydantic.ValidationError as error:
        raise ValueError(f"{path}: {error}") from error


def save(path: Path, rows: Iterable[Row]) -> None:
    """Add rows to a file and print them; one of the same name is replaced where it stands."""
    rows = list(rows)
    print(*rows, sep="\n", flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {row.name: row for row in (load(path) if path.exists() else [])}
    named |= {row.name: row for row in rows}
    draft = path.with_suffix(".draft")
    draft.write_bytes(TypeAdapter(list[Row]).dump_json(list(named.values()), indent=1) + b"\n")
    draft.replace(path)


def _short(value: Any) -> Any:
    """Four digits of every float in lists and dictionaries."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
