"""Checks of gains between two budgets and their shares."""

import numpy as np

from trainstudy.analysis.configurations import CONFIGURATION, name
from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.marginal import balanced
from trainstudy.analysis.noise import floor_of_mean
from trainstudy.analysis.pairs import Gains, gains
from trainstudy.analysis.verdict import (
    Case,
    Verdict,
    decide_figure,
    decide_positive,
    not_checkable,
    phrase,
)
from trainstudy.reports import Claim


def phase_gain(
    claim: Claim,
    case: Case,
    *,
    start: int,
    end: int,
    strategy: str | None = None,
    dataset: str | None = None,
    family: str | None = None,
) -> Verdict:
    """A gain equals the reported one, or is positive where the claim gives no figure.

    The interval is the bootstrap over configurations, for one or two of them the noise floor.
    """
    scope = case.scope(strategy=strategy, dataset=dataset, family=family)
    phase = gains(scope, start, end)
    if phase.table.empty:
        return not_checkable(no_pair(phase))
    found = Interval(*case.mean(phase.table["gain"]))
    floor = floor_of_mean(case.sigma_of_gain(phase))
    if np.isnan(found.low):
        found = Interval(found.value, found.value - floor, found.value + floor, found.n)
    status = (
        decide_positive(found, floor)
        if claim.reported is None
        else decide_figure(claim.reported, found, claim.rounding, floor)
    )
    evidence = f"{start:,} to {end:,} iterations: {phrase(found, 'mIoU', floor)}."
    sources = case.sources(start, end, within=scope)
    return Verdict(status, evidence, *found[:3], floor, found.n, sources)


def relative_gain(
    claim: Claim, case: Case, *, start: int, end: int, reference: tuple[int, int]
) -> Verdict:
    """A phase's mean gain in percent of that of a reference phase, same configurations."""
    return _ratio(claim, case, (start, end), reference)


def share_of_total(
    claim: Claim,
    case: Case,
    *,
    start: int,
    end: int,
    total: tuple[int, int],
    more_than: float | None = None,
) -> Verdict:
    """A phase's part (percent) of the gain over `total`; `more_than` for a claim such as 'most'."""
    return _ratio(claim, case, (start, end), total, more_than)


def no_pair(phase: Gains) -> str:
    """Why a gain could not be computed."""
    missing = phase.left_out
    if missing.empty:
        return "No such configuration is among the curves."
    if len(missing) == 1:
        row = missing.iloc[0]
        return f"{name(row[CONFIGURATION])}: {row['reason']}."
    ends = f"{phase.start:,} and {phase.end:,}"
    return f"None of {len(missing)} such configurations was evaluated at both {ends} iterations."


def no_panel(ends: list[int], seen: int) -> str:
    """Why a comparison of several phases could not be computed."""
    at = ", ".join(f"{end:,}" for end in ends)
    return f"None of {seen} configurations was evaluated at all of {at} iterations."


def _ratio(
    claim: Claim,
    case: Case,
    part: tuple[int, int],
    whole: tuple[int, int],
    more_than: float | None = None,
) -> Verdict:
    ends = sorted({*part, *whole})
    panel = balanced(case.rows, ends)
    if panel.empty:
        return not_checkable(no_panel(ends, len(case.noise)))
    gained = 100 * (panel[part[1]] - panel[part[0]])
    found = Interval(*case.ratio(gained, panel[whole[1]] - panel[whole[0]]))
    if more_than is not None:
        value, low, high = (figure - more_than for figure in found[:3])
        status = decide_positive(Interval(value, low, high, found.n))
    elif claim.reported is not None:
        status = decide_figure(claim.reported, found, claim.rounding)
    else:
        raise ValueError(f"claim {claim.id}: give a reported figure or more_than")
    evidence = (
        f"{part[0]:,} to {part[1]:,} relative to {whole[0]:,} to {whole[1]:,} iterations: "
        f"{phrase(found, '% of the gain', signed=False, digits=1)}."
    )
    return Verdict(
        status, evidence, *found[:3], np.nan, found.n, case.sources(*ends, within=case.rows)
    )
