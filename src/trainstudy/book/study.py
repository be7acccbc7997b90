"""What every chapter on extended training starts from: curves and the report's claims."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import PositiveInt, field_validator

from trainstudy.analysis.claims import check_all
from trainstudy.analysis.marginal import REPORT_PHASES
from trainstudy.analysis.phases import check_phases, suggest_phases
from trainstudy.analysis.reproduce import reproduced
from trainstudy.parameters import ParameterError, Parameters
from trainstudy.paths import project_root
from trainstudy.reports import Report, load_report
from trainstudy.runs import aliases
from trainstudy.runs.curves import KEY, frame
from trainstudy.runs.published import Published, published
from trainstudy.runs.readers import Reading, read_runs
from trainstudy.runs.record import STUDY
from trainstudy.runs.studies import as_report, read_study

PUBLISHED = "published"
RESUMED_AT = 80_000
SHOWN_SKIPS = 5  # in an error
REPRODUCED = "results/longer/camvid-segformer_b0"  # runs of ours in the report's way, by arms


class ExtendedTraining(Parameters):
    """What the chapters on extended training accept.

    ``runs``: ``published`` for the results of the report's own study, or a folder or file of your
    runs. ``phases``: the budgets between which gains are counted, None to find them in the runs.
    ``unit``: that of mIoU in your files. ``split``: the images that figures are of, None for test
    where every configuration was tested twice at least, else validation.
    """

    runs: str = PUBLISHED
    phases: list[PositiveInt] | None = None
    unit: Literal["percent", "fraction"] = "percent"
    split: Literal["test", "val"] | None = None

    @field_validator("phases")
    @classmethod
    def _grow(cls, phases: list[int] | None) -> list[int] | None:
        if phases is not None and (len(phases) < 2 or sorted(set(phases)) != phases):
            raise ValueError("give at least two budgets in increasing order, or None to find them")
        return phases


@dataclass(frozen=True)
class Study:
    """Curves with canonical names, where they come from, and the phases they are compared over."""

    curves: pd.DataFrame
    phases: tuple[int, ...]
    report: Report
    origin: Published | Reading

    @property
    def is_published(self) -> bool:
        return isinstance(self.origin, Published)

    @property
    def breaks(self) -> tuple[int, ...]:
        """Where the published study resumed its runs: no noise is estimated across it."""
        return (RESUMED_AT,) if self.is_published or self.phases == REPORT_PHASES else ()

    @property
    def full_phases(self) -> tuple[int, ...]:
        """The phases, and before them the one that the report calls its baseline."""
        begun = self.breaks and self.phases[0] > RESUMED_AT
        known = begun and (self.curves["iteration"] == RESUMED_AT).any()
        return (RESUMED_AT, *self.phases) if known else self.phases

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Every claim of the report with its verdict on these curves, and what was reproduced."""
        return self._checked(self.report)

    def section(self, number: str) -> pd.DataFrame:
        """The claims of one section of the report, checked; KeyError for one that has none."""
        claims = tuple(claim for claim in self.report.claims if claim.section == number)
        if not claims:
            raise KeyError(f"no claim in section {number!r}")
        return self._checked(replace(self.report, claims=claims))

    def _checked(self, report: Report) -> pd.DataFrame:
        found = check_all(report, self.curves)
        folder = project_root() / REPRODUCED
        if not self.is_published or not _has_study(folder):
            return found
        ours = as_report(read_study(folder), "frozen", report.design.base)
        return found.merge(reproduced(report, ours), on="id", how="left")


def open_study(parameters: ExtendedTraining) -> Study:
    """Read the runs that the parameters name.

    Raises ParameterError naming the parameter where nothing can be read or compared.
    """
    report = load_report(project_root() / "reports" / "extended_training")
    origin: Published | Reading
    if parameters.runs == PUBLISHED:
        origin = published()
        curves = origin.curves
    else:
        try:
            origin = read_runs(parameters.runs, unit=parameters.unit)
        except ValueError as error:
            raise ParameterError(f"parameter 'runs': {error}") from None
        curves, origin = _canonical(origin)
    if parameters.split is not None:
        curves = curves[curves["split"] == parameters.split]
        if curves.empty:
            has_none = f"{parameters.runs} has no result on {parameters.split}"
            raise ParameterError(f"parameter 'split': {has_none}{_skips(origin)}")
    name = "runs" if parameters.phases is None else "phases"
    if (count := curves["iteration"].nunique()) < 2:  # no phases can be named either
        message = f"{parameters.runs}: {count} evaluated iteration(s) read, two are needed"
        raise ParameterError(f"parameter 'runs': {message} to compare budgets{_skips(origin)}")
    try:
        phases = check_phases(curves, parameters.phases or suggest_phases(curves))
    except ValueError as error:
        raise ParameterError(f"parameter {name!r}: {error}{_skips(origin)}") from None
    return Study(curves, phases, report, origin)


def _skips(origin: Published | Reading) -> str:
    """The first reasons why something was not read, for an error about what is missing."""
    if isinstance(origin, Published) or origin.skipped.empty:
        return ""
    rows = origin.skipped.head(SHOWN_SKIPS)
    places = rows["file"].where(rows["line"].isna(), rows["file"] + ":" + rows["line"].astype(str))
    return "; skipped: " + "; ".join(places + ": " + rows["reason"])


def _canonical(reading: Reading) -> tuple[pd.DataFrame, Reading]:
    """Curves with canonical names. Where two names of one thing leave two rows for a checkpoint,
    the last counts and the other is among what was skipped.
    """
    renamed, _ = aliases.canonical(reading.curves)
    again = renamed.duplicated(KEY, keep="last")
    if not again.any():
        return frame(renamed), reading
    places = renamed.loc[again, "source"].str.extract(r"^(?P<file>.*?)(?::(?P<line>\d+))?$")
    places["line"] = places["line"].astype("Int64")
    left_out = places.groupby("file", as_index=False).agg(
        line=("line", "min"), count=("file", "size")
    )
    left_out["reason"] = "superseded: the same checkpoint under another name follows"
    skipped = pd.concat([reading.skipped, left_out], ignore_index=True)
    return frame(renamed[~again]), replace(reading, skipped=skipped)


def _has_study(folder: Path) -> bool:
    try:  # opened, not only asked for: then the page is built again once the study is there
        (folder / STUDY).open().close()
    except FileNotFoundError:
        return False
    return True
