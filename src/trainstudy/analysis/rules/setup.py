"""Checks of what was trained: budgets, models, configurations, jobs."""

from trainstudy.analysis.configurations import CONFIGURATION, select
from trainstudy.analysis.verdict import Case, Verdict, exact, not_checkable
from trainstudy.reports import Claim


def last_iteration(claim: Claim, case: Case) -> Verdict:
    """The longest published training ends at the reported iteration."""
    if case.rows.empty or claim.reported is None:
        return not_checkable("There are no curves.")
    last = float(case.rows["iteration"].max())
    evidence = f"The last checkpoint is at {last:,.0f} iterations."
    return Verdict(exact(claim.reported, last, 0.0), evidence, last, last, last, n=len(case.noise))


def completed_count(
    claim: Claim, case: Case, *, budget: int, strategies: list[str], datasets: list[str]
) -> Verdict:
    """So many configurations of these strategies and datasets reached a budget.

    Published rows may be fewer than those trained: fewer leave the claim not checkable, more
    contradict it.
    """
    rows = case.rows
    done = rows[
        (rows["iteration"] == budget)
        & rows["strategy"].isin(strategies)
        & rows["dataset"].isin(datasets)
    ]
    n, stated = len(done[CONFIGURATION].drop_duplicates()), claim.reported or 0
    evidence = f"{n} configurations of the listed strategies and datasets have a row at {budget:,}."
    if n < stated:
        return Verdict("not checkable", evidence + " Others may not be among the rows.", n, n=n)
    return Verdict("confirmed" if n == stated else "contradicted", evidence, n, n=n)


def reached(claim: Claim, case: Case, *, budget: int, kind: str, name: str) -> Verdict:
    """A strategy, dataset or model family has at least one configuration at a budget."""
    scope = select(case.rows, **{kind: name})
    done = scope[scope["iteration"] == budget]
    if done.empty:
        last = f"its rows end at {scope['iteration'].max():,}" if len(scope) else "it has no row"
        return not_checkable(f"No row of {name} at {budget:,} iterations: {last}.")
    n = len(done[CONFIGURATION].drop_duplicates())
    evidence = f"{n} configurations of {name} have a row at {budget:,} iterations."
    return Verdict("confirmed", evidence, n, n=n, sources=tuple(done["source"].astype(str)))


def model_of_family(claim: Claim, case: Case, *, family: str, marker: str) -> Verdict:
    """The published model of a family carries the reported size (`marker`) in its name."""
    names = sorted(case.scope(family=family)["model"].unique())
    if not names:
        return not_checkable(f"No {family} row.")
    all_carry_it = all(marker.lower() in name.lower() for name in names)
    evidence = f"{family} rows are of {', '.join(names)}."
    return Verdict("confirmed" if all_carry_it else "contradicted", evidence, n=len(names))


def documented(claim: Claim, case: Case, *, value: float, source: str) -> Verdict:
    """The study's own configuration states a value; no curve is needed."""
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule documented needs a reported figure")
    evidence = f"{source}: {value:,} {claim.unit}.".replace(" .", ".")
    return Verdict(exact(claim.reported, value, 0.0), evidence, value, value, value, n=1)


def confounded(claim: Claim, case: Case, *, reason: str) -> Verdict:
    """The design of the study, not the size of an effect, leaves the claim open."""
    return Verdict("not identifiable", reason)


def unpublished(claim: Claim, case: Case, *, reason: str) -> Verdict:
    """Nothing among the published rows can bear on the claim."""
    return not_checkable(reason)
