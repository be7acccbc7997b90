"""Every claim of a report beside what the curves say."""

import inspect
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from trainstudy.analysis.rules import RULES, Rule
from trainstudy.analysis.verdict import Case, Verdict
from trainstudy.reports import Claim, Report
from trainstudy.runs.curves import validate

COLUMNS = [
    "id",
    "section",
    "place",
    "text",
    "rule",
    "reported",
    "unit",
    "decimals",
    "recomputed",
    "low",
    "high",
    "noise_floor",
    "n",
    "status",
    "evidence",
    "sources",
]


def check(claim: Claim, case: Any, rules: Mapping[str, Rule] = RULES) -> Verdict:
    """The verdict on one claim; ``case`` is whatever these rules look at.

    ValueError naming the claim for an unknown rule or arguments its rule does not take.
    """
    if claim.rule not in rules:
        raise ValueError(f"claim {claim.id}: unknown rule {claim.rule!r}, one of {sorted(rules)}")
    rule = rules[claim.rule]
    try:
        inspect.signature(rule).bind(claim, case, **claim.arguments)
    except TypeError as error:
        raise ValueError(f"claim {claim.id}, rule {claim.rule}: {error}") from None
    return rule(claim, case, **claim.arguments)


def check_all(report: Report, curves: pd.DataFrame) -> pd.DataFrame:
    """One row a claim, in the report's order.

    id, section, place, text, rule, reported, unit, decimals; recomputed with its interval
    low..high, its noise_floor and the n configurations behind it, all in the claim's unit; status,
    evidence (a sentence), sources ('file:line; ...'). Claims that the curves do not cover are
    'not checkable'.
    ValueError for a frame that is not one of curves, and for a claim that names no rule.
    """
    return verdicts(report, Case(validate(curves), report), RULES)


def verdicts(report: Report, case: Any, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """The table of `check_all` by other rules than those of curves."""
    rows = []
    for claim in report.claims:
        verdict = check(claim, case, rules)
        sources = "; ".join(verdict.sources)
        rows.append({**claim.model_dump(), **asdict(verdict), "sources": sources})
    numbers = dict.fromkeys(["reported", "recomputed", "low", "high", "noise_floor"], "float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(numbers)
