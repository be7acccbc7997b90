"""Checks of recommendations: what a budget costs and brings."""

import numpy as np

from trainstudy.analysis.configurations import CONFIGURATION, levels
from trainstudy.analysis.intervals import mean_interval
from trainstudy.analysis.marginal import balanced
from trainstudy.analysis.noise import floor_of_mean
from trainstudy.analysis.rules.gains import no_panel
from trainstudy.analysis.verdict import Case, Verdict, decide_positive, not_checkable, phrase
from trainstudy.reports import Claim


def diminishing(
    claim: Claim, case: Case, *, first: tuple[int, int], later: tuple[int, int]
) -> Verdict:
    """A later phase brings less for each 10,000 iterations than a first, same configurations."""
    ends = sorted({*first, *later})
    panel = balanced(case.rows, ends)
    if panel.empty:
        return not_checkable(no_panel(ends, len(case.noise)))
    rates = [(panel[end] - panel[start]) * 10_000 / (end - start) for start, end in (first, later)]
    found = mean_interval(rates[0] - rates[1])
    # Phases that meet share a checkpoint, whose noise then enters both rates: add before squaring.
    weights = dict.fromkeys(ends, 0.0)
    for sign, (start, end) in ((1, first), (-1, later)):
        weights[end] += sign * 10_000 / (end - start)
        weights[start] -= sign * 10_000 / (end - start)
    table = panel.reset_index()
    variance = sum((weight * case.sigma_at(table, end)) ** 2 for end, weight in weights.items())
    floor = floor_of_mean(np.sqrt(variance / 2))
    evidence = (
        f"{rates[0].mean():+.3f} mIoU for each 10,000 iterations from {first[0]:,} to {first[1]:,} "
        f"and {rates[1].mean():+.3f} from {later[0]:,} to {later[1]:,}; difference "
        f"{phrase(found, 'mIoU', floor, digits=3)}."
    )
    return Verdict(
        decide_positive(found, floor),
        evidence,
        *found[:3],
        floor,
        found.n,
        case.sources(*ends, within=case.rows),
    )


def highest_at(claim: Claim, case: Case, *, budget: int, others: list[int]) -> Verdict:
    """The mean level is highest at `budget`: it exceeds the best of the other budgets."""
    wide = levels(case.rows)
    panel = wide.reindex(columns=[*others, budget]).dropna()
    if panel.empty:
        return not_checkable(no_panel([*others, budget], len(wide)))
    best = others[int(np.argmax(panel[others].mean()))]
    found = mean_interval(panel[budget] - panel[best])
    floor = floor_of_mean(case.sigma(panel.reset_index()[CONFIGURATION]))
    evidence = f"{budget:,} against {best:,}, the best other: {phrase(found, 'mIoU', floor)}."
    return Verdict(
        decide_positive(found, floor),
        evidence,
        *found[:3],
        floor,
        found.n,
        case.sources(budget, best, within=case.rows),
    )
