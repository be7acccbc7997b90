"""Claims beside what the runs say: the tables of verdicts."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from trainstudy.book.show import Html, table, verdict

STATUSES = (
    "confirmed", "contradicted", "below the noise floor", "not identifiable", "not checkable",
)  # fmt: skip
PUBLISHED = "extended_training_results.csv"
DATA = f"../{PUBLISHED}"  # where the book keeps the published rows
RUNS = "longer_training.html#the-runs"  # the runs that reproduce


def claim_table(claims: pd.DataFrame, ids: Iterable[str] | None = None, runs: str = RUNS) -> Html:
    """Reported, recomputed, verdict and evidence, one claim a row; ``ids`` picks and orders them.

    What was reproduced links to the page ``runs``, unless that is "". Raises KeyError naming an id
    that is not a claim.
    """
    if ids is not None:
        claims = claims.set_index("id", drop=False).loc[list(ids)]
    rows: list[Any] = claims.to_dict("records")
    shown = pd.DataFrame(
        {
            "claim": [_claim(row) for row in rows],
            "reported": [_number(row, "reported") for row in rows],
            "recomputed": [_recomputed(row) for row in rows],
            "verdict": [verdict(status) for status in claims["status"]],
        }
    )
    headings = {
        "claim": "Claim and evidence",
        "reported": "Reported",
        "recomputed": "Recomputed",
        "verdict": "Verdict",
    }
    kind = "claims"
    if "reproduced" in claims and claims["reproduced"].notna().any():
        kind += " reproduced"
        shown.insert(3, "reproduced", [_reproduced(row, runs) for row in rows])
        headings = {**dict(list(headings.items())[:3]), "reproduced": "Reproduced", **headings}
    return table(shown, headings, kind=kind, boxed=False)  # to be read


def expectation_table(claims: pd.DataFrame, runs: str) -> Html:
    """What was expected of our own runs, what they gave, and the verdict; ``runs`` as above."""
    rows: list[Any] = claims.to_dict("records")
    shown = pd.DataFrame(
        {
            "section": claims["section"],
            "claim": [_claim(row) for row in rows],
            "found": [_reproduced(row, runs) for row in rows],
            "verdict": [verdict(status) for status in claims["status"]],
        }
    )
    headings = {
        "section": "", "claim": "Expected, and evidence", "found": "Found", "verdict": "Verdict",
    }  # fmt: skip
    return table(shown, headings, sortable=False)


def counts(claims: pd.DataFrame) -> pd.DataFrame:
    """How many claims got which verdict: one row a section, one column a status, and the total."""
    found = claims.groupby(["section", "status"]).size().unstack(fill_value=0)
    found = found.reindex(columns=list(STATUSES), fill_value=0)
    found["claims"] = found.sum(axis=1)
    return found.reset_index()


def _claim(row: dict[str, Any]) -> Html:
    text, evidence = (
        html.escape(re.sub(r"(?<![^\s\[(])-(?=\d)", "−", row[part]))
        for part in ("text", "evidence")
    )
    return Html(
        f"{text}<details><summary>evidence</summary>"
        f"<p>{evidence}{_sources(row['sources'])}</p>"
        f'<p class="place">{html.escape(row["place"])} · {html.escape(row["id"])}</p></details>',
        row["text"],
    )


def _sources(sources: str | Iterable[str]) -> str:
    """Where the rows behind a figure stand: file and lines, the published file as a link."""
    parts = sources.split("; ") if isinstance(sources, str) else list(sources)
    lines = defaultdict(list)
    for part in filter(None, parts):
        found_line = re.fullmatch(r"(.+):(\d+)", part)
        name, line = found_line.groups() if found_line else (part, "")
        lines[name].append(line)
    found = []
    for name, numbers in lines.items():
        link = f'<a href="{DATA}">{name}</a>' if name == PUBLISHED else html.escape(name)
        found.append(f"{link}: lines {_ranges(numbers)}" if any(numbers) else link)
    return f" Rows: {'; '.join(found)}." if found else ""


def _ranges(numbers: list[str]) -> str:
    shown = ", ".join(sorted({n for n in numbers if n}, key=int)[:12])
    return shown + (f" and {len(set(numbers)) - 12} more" if len(set(numbers)) > 12 else "")


def _recomputed(row: dict[str, Any]) -> str:
    return _with_interval(row, "recomputed", "low", "high")


def _reproduced(row: dict[str, Any], runs: str) -> Html:
    """What our own runs give, with a link to the page of those runs."""
    text = _with_interval(row, "reproduced", "reproduced_low", "reproduced_high")
    linked = f'<a href="{runs}">{text}</a>' if runs and text != "–" else text
    return Html(linked, text)


def _with_interval(row: dict[str, Any], column: str, low: str, high: str) -> str:
    value = _number(row, column)
    if value == "–" or pd.isna(row[low]) or row[low] == row[high]:
        return value
    digits = _digits(row, column)
    return f"{value} [{_text(row[low], digits)}, {_text(row[high], digits)}]"


def _number(row: dict[str, Any], column: str) -> str:
    text = _text(row[column], _digits(row, column))
    name = "" if text == "–" else re.sub(r"^%$", " %", row["unit"])
    return text + (name if name.startswith(" ") else f" {name}" if name else "")


def _text(value: float, digits: int) -> str:
    return "–" if pd.isna(value) else f"{value:z,.{digits}f}".replace("-", "−")


def _digits(row: dict[str, Any], column: str) -> int:
    """Those that a figure is shown with, and both ends of its interval."""
    unit, reported = row["unit"], row["reported"]
    if column == "reported" and unit == "%" and not pd.isna(reported):
        return max(0, int(row["decimals"]))  # as it is printed
    if unit == "mIoU" and not pd.isna(reported) and abs(reported) > 10:
        return 1  # levels are printed to a tenth
    if column == "reproduced" and unit in ("%", "points") and abs(row[column]) < 10:
        return 1  # an end that rounds to zero would not say on which side it is
    return 2 if "mIoU" in unit else 0 if unit else max(0, int(row["decimals"]))
