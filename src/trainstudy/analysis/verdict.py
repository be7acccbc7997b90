"""What a check may conclude, and by which rule.

confirmed               the reported figure lies in the interval of the recomputed one, or equals it
                        to the digits printed where the check is arithmetic
contradicted            it does not
below the noise floor   the recomputed effect is smaller than the noise of checkpoints makes by
                        itself, and the report's figure is compatible with that
not identifiable        the published design cannot separate this explanation from others (one seed,
                        two groups, an interval on both sides of zero)
not checkable           no published row bears on it

A figure outside the interval is contradicted even where the recomputed effect is small, unless the
reported effect is itself below the noise floor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import one_split, select
from trainstudy.analysis.intervals import Interval, mean_interval, ratio_interval
from trainstudy.analysis.noise import at_iteration, between_checkpoints, noise_of, of_both
from trainstudy.analysis.pairs import Gains
from trainstudy.reports import Report

Status = Literal[
    "confirmed", "contradicted", "below the noise floor", "not identifiable", "not checkable"
]


@dataclass(frozen=True)
class Verdict:
    """Outcome of one check; figures are in the claim's unit, NaN where there are none."""

    status: Status
    evidence: str
    recomputed: float = np.nan
    low: float = np.nan
    high: float = np.nan
    noise_floor: float = np.nan
    n: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """The curves and the report a claim is checked against.

    Noise is that of checkpoints from the resume on, up to the end the report states; of a gain that
    starts before it, that of checkpoints before it too. ``mean`` and
    ``ratio`` give the intervals of gains and of their shares: over many configurations, unless told
    otherwise.
    """

    curves: pd.DataFrame
    report: Report
    mean: Callable[..., Any] = mean_interval
    ratio: Callable[..., Any] = ratio_interval

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The curves of the one split that every check uses."""
        return one_split(self.curves)

    @cached_property
    def noise(self) -> pd.DataFrame:
        """Table of `noise.between_checkpoints`."""
        return between_checkpoints(self.rows, *self._sides)

    def scope(self, **wanted: Any) -> pd.DataFrame:
        """Curves of some strategy, dataset, family, model."""
        return select(self.rows, **wanted)

    def noise_at(self, iteration: int) -> pd.DataFrame:
        """Table of `noise.at_iteration`, estimated once."""
        if iteration not in self._noise_at:
            self._noise_at[iteration] = at_iteration(self.rows, iteration, *self._sides)
        return self._noise_at[iteration]

    @cached_property
    def _noise_at(self) -> dict[int, pd.DataFrame]:
        return {}

    def noise_of_gain(self, start: int, end: int) -> pd.DataFrame:
        """Table of `noise.between_ends`."""
        return of_both(self.noise_at(start), self.noise_at(end))

    @property
    def _sides(self) -> tuple[tuple[int, int], tuple[int]]:
        design = self.report.design
        return (design.base, design.training_end), (design.base,)

    def sigma(self, table: pd.DataFrame) -> pd.Series:
        """Noise (sigma_mean) of each configuration of a table."""
        return noise_of(table, self.noise)

    def sigma_at(self, table: pd.DataFrame, iteration: int) -> pd.Series:
        """That of each configuration of a table at an iteration."""
        return noise_of(table, self.noise_at(iteration))

    def sigma_of_gain(self, phase: Gains) -> pd.Series:
        """That of each of its configurations at the ends of a phase."""
        return noise_of(phase.table, self.noise_of_gain(phase.start, phase.end))

    def sources(self, *iterations: int, within: pd.DataFrame) -> tuple[str, ...]:
        """Where the rows of a scope at some iterations stand."""
        return tuple(within.loc[within["iteration"].isin(iterations), "source"].astype(str))


def not_checkable(reason: str) -> Verdict:
    return Verdict("not checkable", reason)


def decide_figure(
    reported: float, found: Interval, rounding: float, floor: float = np.nan
) -> Status:
    """Status of a figure. A NaN floor means that noise does not apply; a NaN interval that it could
    not be estimated, which leaves the figure not identifiable."""
    if np.isnan(found.low) or np.isnan(found.high):
        return "not identifiable"
    tolerance = rounding * (1 + 1e-9) + 1e-12  # a figure printed as x.x5 may round either way
    inside = found.low - tolerance <= reported <= found.high + tolerance
    if abs(found.value) < floor and (inside or abs(reported) < floor):
        return "below the noise floor"
    return "confirmed" if inside else "contradicted"


def decide_negligible(value: float, floor: float) -> Status:
    """Status of 'this effect is nothing beyond noise'."""
    if np.isnan(value) or np.isnan(floor):
        return "not identifiable"
    return "contradicted" if value > floor else "confirmed"


def decide_positive(found: Interval, floor: float = np.nan) -> Status:
    """Status of 'this effect is positive'."""
    if np.isnan(found.low) or np.isnan(found.high):
        return "not identifiable"
    if abs(found.value) < floor:
        return "below the noise floor"
    if found.low > 0:
        return "confirmed"
    return "contradicted" if found.high < 0 else "not identifiable"


def exact(reported: float, value: float, rounding: float) -> Status:
    """Status of an arithmetic check: equal to the digits printed."""
    return decide_figure(reported, Interval(value, value, value, 1), rounding)


def phrase(
    found: Interval,
    unit: str,
    floor: float = np.nan,
    *,
    signed: bool = True,
    digits: int = 2,
    of: str = "configuration",
) -> str:
    """'+0.73 mIoU [+0.52, +0.95] over 21 configurations, noise floor 0.11'."""
    form = f"{'+' if signed else ''}z,.{digits}f"
    text = f"{found.value:{form}} {unit}".rstrip()
    if not np.isnan(found.low):
        text += f" [{found.low:{form}}, {found.high:{form}}]"
    text += f" over {found.n} {of}s" if found.n != 1 else f" in one {of}"
    return text if np.isnan(floor) else f"{text}, noise floor {floor:,.{digits}f}"
