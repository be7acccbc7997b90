"""Section 6: coverage, states, and what was done to the rows."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from trainstudy.book.show import Format, Html, budget, signed, table
from trainstudy.book.study import Study
from trainstudy.runs import aliases
from trainstudy.runs import coverage as coverage_of
from trainstudy.runs.published import Published


def coverage(frame: pd.DataFrame, budgets: Sequence[int]) -> Html:
    """A mark where a configuration was evaluated at exactly that budget."""
    shown = frame.reset_index()
    shown["checkpoints"] = shown["checkpoints"].astype(int)
    headings: dict[Any, str] = {
        "configuration": "Configuration",
        **{value: budget(value) for value in budgets},
        "first": "First",
        "last": "Last",
        "checkpoints": "Checkpoints",
    }
    formats: dict[Any, Format] = {"first": budget, "last": budget}
    formats |= dict.fromkeys(budgets, _mark)
    return table(shown, headings, formats)


def status(study: Study) -> Html:
    """How many runs are completed, running, pending or without a known target."""
    if isinstance(study.origin, Published):
        last = study.curves.groupby(["strategy", "dataset", "model"])["iteration"].max()
        end = study.report.design.training_end
        states = (
            pd.DataFrame({"evaluated to the end": last >= end, "ends before": last < end})
            .groupby(level=["strategy", "dataset"])
            .sum()
            .reset_index()
        )
        caption = (
            "Published rows carry no state of a job: counted is whether the last evaluation stands "
            "at the end of training."
        )
    else:
        runs, _ = aliases.canonical(study.origin.runs)
        states = coverage_of.status(runs).reset_index()
        caption = "Runs by state."
    names = [name for name in states.columns if name not in ("strategy", "dataset")]
    headings = {"strategy": "Strategy", "dataset": "Data set", **{name: name for name in names}}
    return table(states, headings, caption=caption)


def provenance(study: Study) -> Html:
    """Renamed and collapsed rows of the published results, or what a reader left out and why."""
    if isinstance(study.origin, Published):
        changes = _changes(study.origin.changes, "Published name")
        resolved = table(
            study.origin.resolved,
            {"kept": "Kept", "dropped": "Dropped", "difference": "Difference in mIoU"},
            {"difference": lambda value: signed(value, 4)},
            caption="Rows that stand twice: the last one counts.",
            sortable=False,
        )
        return _both(changes, resolved)
    headings = {"file": "File", "line": "Line", "reason": "Reason", "count": "Times"}
    skipped = (
        Html("<p>Everything that was found was read.</p>", "Everything found was read.")
        if study.origin.skipped.empty
        else table(
            study.origin.skipped, headings, {"line": str}, caption="What was left out, and why."
        )
    )
    _, renamed = aliases.canonical(study.origin.curves)
    return skipped if renamed.empty else _both(_changes(renamed, "Name in your files"), skipped)


def _changes(frame: pd.DataFrame, before: str) -> Html:
    headings = {"column": "Column", "published": before, "canonical": "Read as", "rows": "Rows"}
    return table(frame, headings, caption="Names that were made one.", sortable=False)


def _both(first: Html, second: Html) -> Html:
    return Html(first._repr_html_() + second._repr_html_(), f"{first}\n{second}")


def _mark(value: bool) -> str:
    return "●" if value else "·"
