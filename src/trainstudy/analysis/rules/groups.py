"""Checks of differences between groups of configurations, and of their explanations."""

from trainstudy.analysis.comparisons import Difference, paired_difference, with_error
from trainstudy.analysis.configurations import CONFIGURATION, RUN
from trainstudy.analysis.pairs import gains
from trainstudy.analysis.performance import peaks
from trainstudy.analysis.verdict import Case, Verdict, decide_positive, not_checkable, phrase
from trainstudy.reports import Claim


def gain_difference(
    claim: Claim, case: Case, *, factor: str, more: str, less: str, start: int, end: int
) -> Verdict:
    """The gains of group `more` exceed those of group `less`, paired within the other factors."""
    phase = gains(case.rows, start, end)
    values = with_error(phase.table, case.noise_of_gain(start, end))
    difference = paired_difference(values, "gain", factor, more, less)
    words = f"Gain from {start:,} to {end:,}, {more} minus {less}"
    return _verdict(difference, words, "mIoU", factor)


def peak_difference(claim: Claim, case: Case, *, factor: str, later: str, earlier: str) -> Verdict:
    """The peaks of group `later` come after those of group `earlier`, paired likewise.

    The noise floor is that of the peak's place, which wanders where a curve is flat.
    """
    design = case.report.design
    values = peaks(case.rows, (design.base + 1, design.training_end))
    values["sigma"] = values["peak_iteration_sigma"]
    difference = paired_difference(values, "peak_iteration", factor, later, earlier)
    return _verdict(difference, f"Peak, {later} minus {earlier}", "iterations", factor)


def group_explanation(
    claim: Claim, case: Case, *, factor: str, start: int, end: int, reason: str
) -> Verdict:
    """A difference between groups is put down to a property of the groups.

    It would need replicates and more groups than properties: not identifiable when the curves have
    a single run a configuration or fewer than four groups, which is stated with the spread of the
    groups' mean gains. With both, the explanation still has to be tested outside this study.
    """
    phase = gains(case.rows, start, end)
    if phase.table.empty:
        return not_checkable(f"No configuration spans {start:,} to {end:,} iterations.")
    key = "model" if factor == "family" else factor
    means = phase.table.groupby(key)["gain"].mean()
    most = int(case.rows[RUN].drop_duplicates().groupby(CONFIGURATION).size().max())
    evidence = (
        f"{len(means)} groups with mean gains from {means.min():+.2f} to {means.max():+.2f} mIoU "
        f"and at most {most} run{'s' if most > 1 else ''} a configuration: {reason}"
    )
    return Verdict("not identifiable", evidence, n=len(phase.table))


def _verdict(difference: Difference, words: str, unit: str, factor: str) -> Verdict:
    found, floor = difference.interval, difference.noise_floor
    if found.n == 0:
        return not_checkable(f"No two configurations differ in {factor} alone.")
    digits = 0 if unit == "iterations" else 2
    evidence = f"{words}: {phrase(found, unit, floor, digits=digits)}, paired by {factor}."
    return Verdict(decide_positive(found, floor), evidence, *found[:3], floor, found.n)
