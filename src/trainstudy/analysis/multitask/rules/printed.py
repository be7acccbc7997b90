"""Checks of the report against itself: its printed weights, its formula, its phases."""

import numpy as np

from trainstudy.analysis.multitask.trials import Trials
from trainstudy.analysis.multitask.weights_formula import (
    formula_weights,
    implied_exponents,
    largest_share,
)
from trainstudy.analysis.verdict import Status, Verdict, exact
from trainstudy.reports import Claim

ROUNDING = 0.005  # of a weight printed to two digits


def formula_weight(claim: Claim, trials: Trials, *, task: str) -> Verdict:
    """The printed weight of a task is what the printed formula gives for the printed losses."""
    weight, loss = _formula(trials)[task], trials.report.tables["losses"].set_index("task")["loss"]
    evidence = f"({loss.mean():.4f} / {loss[task]:.4f}) ** 0.5 is {weight:.2f}."
    status = exact(_reported(claim), weight, claim.rounding)
    return Verdict(status, evidence, weight, weight, weight, n=1)


def formula_followed(claim: Claim, trials: Trials) -> Verdict:
    """All printed weights are those of the formula."""
    table = trials.report.tables["losses"]
    apart = np.abs(table["weight"] - formula_weights(table["loss"]))
    exponents = ", ".join(f"{x:+.2f}" for x in implied_exponents(table["loss"], table["weight"]))
    evidence = (
        f"{int((apart <= ROUNDING).sum())} of {len(table)} weights follow from the losses; the "
        f"furthest is off by {apart.max():.2f}. The exponents that would give them are "
        f"{exponents}, and the formula's is +0.50."
    )
    status = exact(0.0, float(apart.max()), ROUNDING)
    return Verdict(status, evidence, float(apart.max()), n=len(table))


def formula_side(claim: Claim, trials: Trials, *, task: str, stated: str) -> Verdict:
    """A task has less, more or nearly the weight 1 by the formula.

    ``stated``: 'underweighted', 'overweighted', or 'nearly balanced', which holds for the task
    whose weight is nearest to 1.
    """
    weights = _formula(trials)
    nearest = min(weights, key=lambda name: abs(np.log(weights[name])))
    holds = {
        "underweighted": weights[task] < 1,
        "overweighted": weights[task] > 1,
        "nearly balanced": task == nearest,
    }
    if stated not in holds:
        raise ValueError(f"claim {claim.id}: stated {stated!r}, one of {', '.join(holds)}")
    status: Status = "confirmed" if holds[stated] else "contradicted"
    evidence = (
        f"By the formula the weight of {task} is {weights[task]:.2f}; {nearest} is nearest 1."
    )
    return Verdict(status, evidence, weights[task], n=1)


def less_dominated(claim: Claim, trials: Trials) -> Verdict:
    """With the printed weights the largest part of the summed loss is smaller than without."""
    table = trials.report.tables["losses"]
    names, losses = table["task"].tolist(), table["loss"]
    shares = [largest_share(losses, w) for w in (losses * 0 + 1, table["weight"],
                                                 formula_weights(losses))]  # fmt: skip
    plain, weighted, formula = (f"{names[place]} {share:.1f} %" for place, share in shares)
    evidence = (
        f"Largest part of the sum of the losses: {plain} unweighted, {weighted} with the printed "
        f"weights, {formula} with those of the formula."
    )
    status: Status = "confirmed" if shares[1][1] < shares[0][1] else "contradicted"
    return Verdict(status, evidence, shares[1][1] - shares[0][1], n=1)


def adds_up(claim: Claim, trials: Trials, *, table: str, column: str) -> Verdict:
    """A stated total is the sum of a column of the report."""
    parts = trials.report.tables[table][column]
    total = float(parts.sum())
    evidence = f"{' + '.join(f'{part:g}' for part in parts)} = {total:g} {claim.unit}."
    status = exact(_reported(claim), total, claim.rounding)
    return Verdict(status, evidence, total, total, total, n=1)


def _formula(trials: Trials) -> dict[str, float]:
    table = trials.report.tables["losses"]
    return dict(zip(table["task"], formula_weights(table["loss"]).tolist(), strict=True))


def _reported(claim: Claim) -> float:
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule {claim.rule} needs a reported figure")
    return claim.reported
