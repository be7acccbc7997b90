"""Checks of 'saturated' and 'still improving'."""

import numpy as np

from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.noise import floor_of_mean
from trainstudy.analysis.pairs import Gains, gains
from trainstudy.analysis.rules.gains import no_pair
from trainstudy.analysis.verdict import (
    Case,
    Status,
    Verdict,
    decide_negligible,
    decide_positive,
    not_checkable,
    phrase,
)
from trainstudy.reports import Claim


def still_improving(
    claim: Claim,
    case: Case,
    *,
    start: int,
    end: int,
    strategy: str | None = None,
    dataset: str | None = None,
    family: str | None = None,
) -> Verdict:
    """The gain of a phase is larger than noise; the interval is the gain with its noise floor."""
    phase = gains(case.scope(strategy=strategy, dataset=dataset, family=family), start, end)
    found, floor = _with_noise(phase, case)
    return _verdict(phase, found, floor, decide_positive(found, floor))


def negligible_after(
    claim: Claim,
    case: Case,
    *,
    start: int,
    end: int,
    strategy: str | None = None,
    dataset: str | None = None,
    family: str | None = None,
) -> Verdict:
    """Nothing beyond noise is gained from `start` to `end`."""
    phase = gains(case.scope(strategy=strategy, dataset=dataset, family=family), start, end)
    found, floor = _with_noise(phase, case)
    return _verdict(phase, found, floor, decide_negligible(found.value, floor))


def _with_noise(phase: Gains, case: Case) -> tuple[Interval, float]:
    mean = float(phase.table["gain"].mean()) if len(phase.table) else np.nan
    floor = floor_of_mean(case.sigma_of_gain(phase))
    return Interval(mean, mean - floor, mean + floor, len(phase.table)), floor


def _verdict(phase: Gains, found: Interval, floor: float, status: Status) -> Verdict:
    if not found.n:
        return not_checkable(no_pair(phase))
    evidence = f"{phase.start:,} to {phase.end:,} iterations: {phrase(found, 'mIoU', floor)}."
    return Verdict(status, evidence, *found[:3], floor, found.n)
