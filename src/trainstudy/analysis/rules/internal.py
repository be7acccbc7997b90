"""Checks of the report against itself: arithmetic on its own tables, no curve needed."""

import pandas as pd

from trainstudy.analysis.verdict import Case, Verdict, exact
from trainstudy.reports import Claim


def table_share(claim: Claim, case: Case, *, start: int, end: int) -> Verdict:
    """A share (percent) follows from the report's own gains."""
    part, whole = _gain(case, start, end), _gain(case)
    words = f"{part:.2f} of {whole:.2f} mIoU in the report's own table are"
    return _arithmetic(claim, 100 * part / whole, words)


def table_gain(claim: Claim, case: Case, *, start: int, end: int) -> Verdict:
    """A gain, or a cumulative one, is the sum of the report's own phases."""
    words = f"The report's own phases from {start:,} to {end:,} add up to"
    return _arithmetic(claim, _gain(case, start, end), words)


def table_relative(
    claim: Claim, case: Case, *, start: int, end: int, reference: tuple[int, int]
) -> Verdict:
    """A phase in percent of a reference phase follows from the report's own gains."""
    part, whole = _gain(case, start, end), _gain(case, *reference)
    words = f"{part:.2f} mIoU against {whole:.2f} in the report's own table are"
    return _arithmetic(claim, 100 * part / whole, words)


def plain_ratio(claim: Claim, case: Case, *, numerator: float, denominator: float) -> Verdict:
    """A multiple or percentage of two iteration counts; the claim's unit says which."""
    value = numerator / denominator * (100 if claim.unit == "%" else 1)
    return _arithmetic(claim, value, f"{numerator:,} over {denominator:,} is")


def phase_length(claim: Claim, case: Case, *, start: int, end: int) -> Verdict:
    """The stated length of a phase is the distance of its ends."""
    return _arithmetic(claim, end - start, f"From {start:,} to {end:,} it is")


def labels_within_training(claim: Claim, case: Case, *, table: str, column: str) -> Verdict:
    """No label of a table lies after the end of training."""
    end = case.report.design.training_end
    labels = case.report.tables[table][column].dropna()
    late = int((labels > end).sum())
    evidence = f"{late} of {len(labels)} labels lie after {end:,}, up to {labels.max():,.0f}."
    return Verdict("contradicted" if late else "confirmed", evidence, float(late), n=len(labels))


def levels_match_gains(claim: Claim, case: Case) -> Verdict:
    """Differences of the report's levels equal its gains to the digits printed."""
    key = ["strategy", "dataset", "family"]
    tables = case.report.tables
    both = tables["performance"].merge(tables["gains_by_configuration"], on=key)
    apart = pd.concat(
        [
            both["mIoU_240k"] - both["mIoU_160k"] - both["gain_160k_240k"],
            both["mIoU_320k"] - both["mIoU_240k"] - both["gain_240k_320k"],
        ]
    )
    allowed = 2 * 0.05 + 0.005  # two levels of one decimal and a gain of two
    worst = float(apart.abs().max())
    evidence = (
        f"{len(apart)} gains of {len(both)} configurations in both tables differ by at most "
        f"{worst:.2f} mIoU; rounding allows {allowed:.3f}."
    )
    status = exact(0.0, worst, allowed)
    return Verdict(status, evidence, worst, 0.0, allowed, n=len(apart))


def _gain(case: Case, start: int | None = None, end: int | None = None) -> float:
    phases = case.report.tables["marginal_gains"].dropna(subset=["mean_gain"])
    inside = phases["start"].ge(start or 0) & phases["end"].le(end or float("inf"))
    return float(phases.loc[inside, "mean_gain"].sum())


def _arithmetic(claim: Claim, value: float, words: str) -> Verdict:
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule {claim.rule} needs a reported figure")
    status = exact(claim.reported, value, claim.rounding)
    evidence = f"{words} {value:,.{max(claim.decimals, 1) if value % 1 else 0}f} {claim.unit}."
    return Verdict(status, evidence, value, value, value, n=1)
