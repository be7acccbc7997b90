"""A report of one claim, checked against made-up curves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from trainstudy.analysis.claims import check
from trainstudy.analysis.verdict import Case, Verdict
from trainstudy.reports import Claim, Design, Report


@pytest.fixture(scope="session")
def verdict(report) -> Callable[..., Verdict]:
    """verdict(curves, rule, reported=, decimals=, unit=, **arguments) in a training of 10 to 40."""
    small = replace(report, design=Design(base=10, training_end=40, seeds=1))

    def ask(
        curves: pd.DataFrame,
        rule: str,
        *,
        reported: float | None = None,
        decimals: int = 2,
        unit: str = "",
        of: Report = small,
        **arguments: Any,
    ) -> Verdict:
        claim = Claim(
            id="c",
            section="1",
            place="p",
            text="t",
            rule=rule,
            arguments=arguments,
            reported=reported,
            decimals=decimals,
            unit=unit,
        )
        return check(claim, Case(curves, of))

    return ask


@pytest.fixture(scope="session")
def planted(make) -> pd.DataFrame:
    """Two families on four datasets: from 10 on PSPNet gains 0.2, SegFormer 0.1 an iteration, both
    only 0.02 after 20; the zigzag of +-0.01 is the noise."""

    def curve(rate: float, level: float) -> dict[int, float]:
        return {
            x: level + rate * (min(x, 20) - 10) + 0.02 * max(x - 20, 0) + 0.01 * (-1) ** x
            for x in range(10, 41)
        }

    return make(
        {
            f"none/City{i}/{model}": curve(rate * (1 + i / 50), 40 + i)
            for i in range(4)
            for model, rate in (("pspnet_r50", 0.2), ("segformer_mit-b5", 0.1))
        }
    )
