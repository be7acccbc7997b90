"""A published report as data: its tables (CSV) and its claims (YAML), nothing retyped elsewhere.

A report is a folder of `*.csv` and one `claims.yml` with three parts: `design` (facts the report
states about its own training), `cells` (one claim for every filled cell of a table column) and
`claims` (statements made in prose).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainstudy import yaml_file

Arguments = dict[str, Any]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Design(Strict):
    """What the report says was trained: first budget and end (in `unit`), number of seeds."""

    base: int = Field(gt=0)
    training_end: int = Field(gt=0)
    seeds: int = Field(gt=0)
    unit: str = "iterations"


class Claim(Strict):
    """One checkable statement. `reported` is its figure, None for a comparison in words.

    `rule` names the check in `trainstudy.analysis.rules`, `arguments` are its keywords; `decimals`
    are those printed (negative: 450k has -4), `unit` is for display.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    section: str
    place: str
    text: str
    rule: str
    arguments: Arguments = {}
    reported: float | None = None
    decimals: int = 0
    unit: str = ""

    @property
    def rounding(self) -> float:
        """Half a unit of the last digit printed."""
        return float(0.5 * 10.0**-self.decimals)


class Cells(Strict):
    """Claims made by one column of a table: `{row}` and the table's columns fill the texts.

    `keys` are columns whose entry becomes an argument of the rule, empty ones left out: a list
    where column and argument have the same name, else a mapping of argument to column.
    """

    table: str
    column: str
    section: str
    id: str
    place: str
    text: str
    rule: str
    keys: dict[str, str] | list[str] = []
    arguments: Arguments = {}
    decimals: int | None = None
    unit: str = ""


class Written(Strict):
    design: Design
    cells: list[Cells] = []
    claims: list[Claim] = []


@dataclass(frozen=True)
class Report:
    """Tables by name and all claims, those of the tables' cells included, in order of section."""

    design: Design
    claims: tuple[Claim, ...]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def load_report(folder: str | Path) -> Report:
    """The report in a folder.

    ValueError naming the file and the entry for an unknown or missing field, an id used twice, or a
    cell claim of a table or column that does not exist; FileNotFoundError without `claims.yml`.
    """
    root = Path(folder)
    source = root / "claims.yml"
    tables = {path.stem: pd.read_csv(path, dtype=str) for path in sorted(root.glob("*.csv"))}
    if not source.exists():
        raise FileNotFoundError(f"there is no {source}")
    try:
        written = Written.model_validate(yaml_file.read(source))
    except ValidationError as error:
        raise ValueError(f"{source}: {error}") from error
    claims = list(written.claims)
    for cells in written.cells:
        if cells.table not in tables or cells.column not in tables[cells.table].columns:
            absent = f"no {cells.column} in {cells.table}.csv"
            raise ValueError(f"{source}: cells {cells.id!r}: {absent}")
        claims += _from_cells(cells, tables[cells.table])
    ids = [claim.id for claim in claims]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ValueError(f"{source}: claim id used twice: {', '.join(twice)}")
    typed = {name: table.apply(_numbers) for name, table in tables.items()}
    return Report(written.design, tuple(sorted(claims, key=lambda claim: claim.section)), typed)


def _from_cells(cells: Cells, table: pd.DataFrame) -> list[Claim]:
    rows = table[table[cells.column].notna()].fillna("").to_dict("records")
    return [_from_cell(cells, {str(k): v for k, v in row.items()}) for row in rows]


def _from_cell(cells: Cells, row: dict[str, str]) -> Claim:
    printed = row[cells.column]
    numeric = re.fullmatch(r"[+-]?\d+(\.(\d+))?", printed)
    keys = cells.keys if isinstance(cells.keys, dict) else {key: key for key in cells.keys}
    found = {argument: row[column] for argument, column in keys.items() if row[column]}
    label = "/".join(found.values())
    printed_decimals = len(numeric[2] or "") if numeric else 0
    words = {**row, "row": label, "value": printed}
    return Claim(
        id=re.sub(r"[^a-z0-9]+", "-", cells.id.format(**words).lower()).strip("-"),
        section=cells.section,
        place=cells.place.format(**words),
        text=cells.text.format(**words),
        rule=cells.rule,
        arguments={**{key: _number(text) for key, text in found.items()}, **cells.arguments},
        reported=float(printed) if numeric else None,
        decimals=printed_decimals if cells.decimals is None else cells.decimals,
        unit=cells.unit,
    )


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d+", text) else text


def _numbers(column: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(column)
    except ValueError:
        return column
