"""Checks of levels and peaks."""

import numpy as np
import pandas as pd

from trainstudy.analysis import configurations
from trainstudy.analysis.intervals import Interval, mean_interval
from trainstudy.analysis.label_evidence import interpolate
from trainstudy.analysis.labels import as_labelled, counted_since_resume
from trainstudy.analysis.noise import Z95, floor_of_gain
from trainstudy.analysis.performance import peaks
from trainstudy.analysis.verdict import Case, Verdict, decide_figure, not_checkable, phrase
from trainstudy.reports import Claim


def level(
    claim: Claim, case: Case, *, budget: int, strategy: str, dataset: str, family: str
) -> Verdict:
    """A configuration's mIoU at a budget, read as labelled, is the reported one.

    The interval is the noise of the difference of two checkpoints. The level at the iteration that
    the label means if validations were counted since the resume is given beside it.
    """
    scope = case.scope(strategy=strategy, dataset=dataset, family=family)
    wide = configurations.levels(scope)
    here = configurations.at(wide, budget).dropna()
    if here.empty:
        absent = f"No result of this configuration at {budget:,} iterations."
        return not_checkable(absent)
    sigma = float(np.sqrt((case.sigma(here.reset_index()) ** 2).mean()))
    value, floor = float(here.mean()), float(floor_of_gain(sigma))
    found = Interval(value, value - floor, value + floor, 1)
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule level needs a reported figure")
    status = decide_figure(claim.reported, found, claim.rounding)
    evidence = f"{value:.2f} mIoU at {budget:,} iterations, "
    evidence += "noise unknown" if np.isnan(floor) else f"checkpoints differ by up to {floor:.2f}"
    other = counted_since_resume(budget)
    if not np.isnan(alternative := interpolate(wide.mean(), other, (case.report.design.base,))[0]):
        evidence += f"; {alternative:.2f} at {other:,.0f}, the label as a count of validations"
    return Verdict(status, evidence + ".", *found[:3], floor, 1, case.sources(budget, within=scope))


def peak(
    claim: Claim, case: Case, *, strategy: str, dataset: str, family: str | None = None
) -> Verdict:
    """The reported place of a peak can be right: inside the training, and on the curve's top.

    Contradicted where the label lies after the end of training, or where the published level there
    is below the published peak by more than the noise floor.
    """
    label, end = _label(claim), case.report.design.training_end
    if label > end:
        return Verdict("contradicted", _impossible(label, end), n=0)
    best = _peaks(case, strategy=strategy, dataset=dataset, family=family)
    if best.empty:
        return not_checkable("No result of this configuration after the resume.")
    row = best.iloc[0]
    scope = case.scope(strategy=strategy, dataset=dataset, model=row["model"])
    value = interpolate(configurations.levels(scope).mean(), label, (case.report.design.base,))[0]
    shortfall, floor = float(row["peak"]) - value, float(row["noise_floor"])
    found = Interval(float(row["peak_iteration"]), float(row["within_noise_from"]), np.nan, 1)
    evidence = (
        f"Peak {row['peak']:.2f} mIoU at {row['peak_iteration']:,} iterations; the level "
        f"at the label is {shortfall:.2f} below it, noise floor {floor:.2f}."
    )
    if np.isnan(shortfall) or np.isnan(floor):
        return not_checkable("The curve or its noise is unknown at this label.")
    status = decide_figure(0.0, Interval(shortfall, shortfall - floor, shortfall + floor, 1), 0.0)
    return Verdict(status, evidence, found.value, found.low, np.nan, floor, 1)


def mean_peak(claim: Claim, case: Case, *, dataset: str) -> Verdict:
    """The mean iteration of the peak over a dataset's configurations is the reported one."""
    label, end = _label(claim), case.report.design.training_end
    if label > end:
        return Verdict("contradicted", _impossible(label, end), n=0)
    best = _peaks(case, dataset=dataset)
    if best.empty:
        return not_checkable("No result of this dataset after the resume.")
    found = mean_interval(best["peak_iteration"])
    status = decide_figure(label, found, claim.rounding)
    tied = best["within_noise_from"].mean()
    # Independent noise of each peak's place, averaged.
    floor = Z95 * float(np.sqrt((best["peak_iteration_sigma"] ** 2).mean() / found.n))
    evidence = (
        f"Mean peak {phrase(found, 'iterations', floor, signed=False, digits=0)}; "
        f"the first checkpoint within noise of the peak comes at {tied:,.0f}. "
        f"Counted in validations since the resume the label is {counted_since_resume(label):,.0f}."
    )
    return Verdict(status, evidence, *found[:3], floor, found.n)


def _peaks(case: Case, **wanted: str | None) -> pd.DataFrame:
    design = case.report.design
    return peaks(case.scope(**wanted), (design.base + 1, design.training_end))


def _label(claim: Claim) -> float:
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule {claim.rule} needs a reported label")
    return as_labelled(claim.reported)


def _impossible(label: float, end: int) -> str:
    meant = counted_since_resume(label)
    text = f"No iteration {label:,.0f} exists in a training that ends at {end:,}"
    return text + (
        f"; counted in validations since the resume the label means {meant:,.0f}."
        if meant <= end
        else "."
    )
