"""The chapter on speed: every row of ``benchmarks/results``, losses too, and how to repeat it."""

import html
import json
from pathlib import Path
from typing import Any

import pandas as pd

from trainstudy.book.show import Html, sentences, table
from trainstudy.parameters import Parameters
from trainstudy.paths import project_root

BENCHMARKS = (
    "training_speed", "peer_quality", "resume_cost", "packed", "two_gpus", "cpu_speed",
    "multitask_latency", "multitask_study",
)  # fmt: skip
PARTS = ("multitask_latency",)  # what is added to a part costs something: no ratio to win
SHOWN = {
    "name": "What",
    "unit": "Unit",
    "ours": "Ours",
    "theirs": "Peer",
    "ratio": "Ratio",
    "details": "Details",
}


class Speed(Parameters):
    """``results``: a folder of result files, None for the project's own."""

    results: str | None = None


def overview(parameters: Speed) -> Html:
    """How every benchmark went: its ratios, and which of them are losses; scores by their noise."""
    return sentences([_standing(parameters, name) for name in BENCHMARKS])


def comparison(parameters: Speed, benchmark: str) -> Html:
    """Every row of one benchmark with its peer, device, date and command."""
    rows = _rows(parameters, benchmark)
    if not rows:
        return sentences([f"There is no {benchmark}.json: this has not been measured."])
    frame = pd.DataFrame([{**row, "details": _details(row)} for row in rows])
    devices = ", ".join(dict.fromkeys(row["device"] for row in rows))
    digits = dict.fromkeys(("ours", "theirs", "ratio"), _four_digits)
    return table(frame, SHOWN, digits, caption=f"Measured on {devices}.")


def _standing(parameters: Speed, benchmark: str) -> str:
    rows = _rows(parameters, benchmark)
    if not rows:
        return f"{benchmark}: not measured. python -m benchmarks.{benchmark} does it."
    if benchmark in PARTS:
        return f"{benchmark}: {len(rows)} rows, of the network and of a part of it."
    equal = [row["details"].get("equal_within_noise") for row in rows]
    if None not in equal:
        return f"{benchmark}: {len(rows)} rows, {sum(equal)} of them equal within the noise floor."
    ratios = [row["ratio"] for row in rows]
    lost = [row["name"] for row in rows if row["ratio"] < 1]
    names = f": {'; '.join(lost)}" if lost else ""
    return (
        f"{benchmark}: {len(rows)} rows, ratios from {min(ratios):.3g} to {max(ratios):.3g}, "
        f"{len(lost)} below 1{names}."
    )


def _rows(parameters: Speed, benchmark: str) -> list[dict[str, Any]]:
    folder = Path(parameters.results or project_root() / "benchmarks" / "results").expanduser()
    try:
        rows: list[dict[str, Any]] = json.loads((folder / f"{benchmark}.json").read_bytes())
    except FileNotFoundError:
        return []
    return rows


def _details(row: dict[str, Any]) -> Html:
    """What a reader may unfold: everything that is not in a column of its own."""
    head = {key: row[key] for key in ("peer", "device", "date", "command")}
    lines = [f"{name}: {_words(value)}" for name, value in {**head, **row["details"]}.items()]
    peer = html.escape(row["peer"])
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return Html(f"<details><summary>{peer}</summary>{paragraphs}</details>", lines[0])


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_words(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return str(value)


def _four_digits(value: float) -> str:
    return f"{value:.4g}"
