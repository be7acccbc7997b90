"""Checks of a share of right answers against guessing.

By the exact binomial test and the exact 95 % interval of Clopper & Pearson 1934, "The use of
confidence or fiducial limits illustrated in the case of the binomial".
"""

from scipy import stats

from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.analysis.verdict import Verdict, decide_positive
from trainstudy.reports import Claim


def near_chance(claim: Claim, trials: Trials, *, images: int, classes: int, source: str) -> Verdict:
    """The reported accuracy (percent) cannot be told from guessing: its interval contains it."""
    found, evidence = _accuracy(claim, images, classes, source)
    within = found.low <= 100 / classes <= found.high
    return Verdict("confirmed" if within else "contradicted", evidence, *found[:3], n=found.n)


def above_chance(
    claim: Claim, trials: Trials, *, images: int, classes: int, source: str
) -> Verdict:
    """The reported accuracy shows that something was learned: its interval lies above guessing."""
    found, evidence = _accuracy(claim, images, classes, source)
    value, low, high = (figure - 100 / classes for figure in found[:3])
    return Verdict(
        decide_positive(Interval(value, low, high, images)), evidence, *found[:3], n=found.n
    )


def _accuracy(claim: Claim, images: int, classes: int, source: str) -> tuple[Interval, str]:
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule {claim.rule} needs a reported accuracy")
    right = round(claim.reported / 100 * images)
    test = stats.binomtest(right, images, 1 / classes)
    low, high = (100 * end for end in test.proportion_ci(0.95, method="exact"))
    found = Interval(100 * right / images, low, high, images)
    evidence = (
        f"{right} of {images} right: {found.value:.1f} % [{low:.1f}, {high:.1f}] against "
        f"{100 / classes:.1f} % for guessing among {classes} classes (exact binomial test, "
        f"p = {test.pvalue:.2f}). {source}."
    )
    return found, evidence
