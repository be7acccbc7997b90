"""What every chapter on extended training starts from: curves and the report's claims."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import pandas as pd
from pydantic import PositiveInt

from trainstudy.analysis.claims import check_all
from trainstudy.analysis.marginal import REPORT_PHASES
from trainstudy.analysis.phases import suggest_phases
from trainstudy.parameters import ParameterError, Parameters
from trainstudy.paths import project_root
from trainstudy.reports import Report, load_report
from trainstudy.runs import aliases
from trainstudy.runs.published import Published, published
from trainstudy.runs.readers import Reading, read_runs

PUBLISHED = "published"
RESUMED_AT = 80_000


class ExtendedTraining(Parameters):
    """What the chapters on extended training accept.

    ``runs``: ``published`` for the results of the report's own study, or a folder or file of your
    runs. ``phases``: the budgets between which gains are counted, None to find them in the runs.
    ``unit``: that of mIoU in your files.
    """

    runs: str = PUBLISHED
    phases: list[PositiveInt] | None = None
    unit: Literal["percent", "fraction"] = "percent"


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
        return (RESUMED_AT,) if self.phases == REPORT_PHASES else ()

    @property
    def full_phases(self) -> tuple[int, ...]:
        """The phases, and before them the one that the report calls its baseline."""
        return (RESUMED_AT, *self.phases) if self.phases == REPORT_PHASES else self.phases

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Every claim of the report with its verdict on these curves."""
        return check_all(self.report, self.curves)

    def section(self, number: str) -> pd.DataFrame:
        """The claims of one section of the report, checked; KeyError for one that has none."""
        claims = tuple(claim for claim in self.report.claims if claim.section == number)
        if not claims:
            raise KeyError(f"no claim in section {number!r}")
        return check_all(replace(self.report, claims=claims), self.curves)


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
        curves, _ = aliases.canonical(origin.curves)
    try:
        phases = tuple(parameters.phases or suggest_phases(curves))
    except ValueError as error:
        raise ParameterError(f"parameter 'runs': {error}") from None
    return Study(curves, phases, report, origin)
