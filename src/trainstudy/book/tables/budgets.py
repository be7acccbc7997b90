"""Section 5: recommended budgets, cost and benefit."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from trainstudy.book.show import Html, budget, interval, percent, signed, table
from trainstudy.book.study import Study


def recommended(frame: pd.DataFrame) -> Html:
    """The smallest budget for each target share, and between which budgets it may lie."""
    shown = frame.assign(
        target=frame["target_share"].map(_share),
        range=[_range(row.budget_at_best, row.budget_at_worst) for row in frame.itertuples()],
        interval=[interval(row.low, row.high, _share) for row in frame.itertuples()],
    )
    headings = {
        "target": "Share of the gain",
        "budget": "Smallest budget",
        "range": "by the interval",
        "share": "Share there",
        "interval": "95 % interval",
        "compute_percent": "Of the largest compute",
        "n": "Configurations",
    }
    formats = {"budget": budget, "share": _share, "compute_percent": _share}
    note = (
        "Gain counted from the first budget. Smallest budget: by the mean gains; by the interval: "
        "by its upper and by its lower end."
    )
    return table(shown, headings, formats, note)


def costs(study: Study, analyse: Callable[..., pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Cost and benefit counted from the resume and from the first boundary of the phases."""
    base = next(iter(study.breaks), study.phases[0])
    found = {}
    for origin in dict.fromkeys((study.full_phases[0], study.phases[0])):
        budgets = [value for value in study.phases if value > origin]
        found[f"counted from {budget(origin)}"] = analyse(study.curves, base, budgets, origin)
    return found


def reported_costs(study: Study) -> pd.DataFrame:
    """The report's cost-benefit figures: compute_multiple, gain."""
    return study.report.tables["cost_benefit"].rename(columns={"improvement": "gain"})


def cost_table(costs: dict[str, pd.DataFrame]) -> Html:
    """Both ways of counting in one table."""
    shown = pd.concat([cost.assign(counted=name) for name, cost in costs.items()])
    shown["interval"] = [interval(row.low, row.high) for row in shown.itertuples()]
    shown["step_interval"] = [interval(row.step_low, row.step_high) for row in shown.itertuples()]
    headings = {
        "counted": "Gain",
        "budget": "Budget",
        "compute_multiple": "Compute",
        "gain": "Gain in all",
        "interval": "95 % interval",
        "step_gain_per_base": "Last step, per base compute",
        "step_interval": "95 % interval ",
        "n": "Configurations",
    }
    formats = {
        "budget": budget,
        "compute_multiple": lambda value: f"{value:g}×",
        "gain": signed,
        "step_gain_per_base": signed,
    }
    return table(shown, headings, formats, "mIoU points.", sortable=False)


def _share(value: float) -> str:
    return percent(value / 100)


def _range(best: Any, worst: Any) -> str:
    """From the smallest to the largest budget, a dash where one is not known."""
    ends = ["–" if pd.isna(end) else budget(end) for end in (best, worst)]
    return "–" if ends == ["–", "–"] else " to ".join(ends)
