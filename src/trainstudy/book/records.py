"""The runs behind the figures of a page, each with a link to its record.

The book keeps a copy of the records below ``results``; others are named by where they lie.
"""

import html
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trainstudy.book.show import Html, breakable, table
from trainstudy.paths import project_root
from trainstudy.runs.chains import Chain
from trainstudy.runs.record import RUN
from trainstudy.runs.studies import Study

KEPT = "results"  # the folder of the project that the book keeps a copy of
PATTERNS = ("*.json", "*.jsonl")  # of it


def of_chains(chains: Sequence[Chain]) -> Html:
    """The stages of every cell, by seed."""
    rows = [
        {"name": chain.cell, "seed": chain.seed, "runs": _links(chain.stages)} for chain in chains
    ]
    return _by_seed(rows, "Training")


def of_run(run: Path) -> Html:
    """One training by itself."""
    words = "The record of this training: "
    return Html(f"<p>{words}{_link(run, run.name)}.</p>", f"{words}{run.name}.")


def of_arms(study: Study) -> Html:
    """The legs of every arm, by seed."""
    found: dict[tuple[str, int], list[tuple[str, Path]]] = {}
    for seed, leg, run in study.legs:
        for arm in leg.arms:
            found.setdefault((arm, seed), []).append((leg.name, study.folder / run))
    rows = [{"name": arm, "seed": s, "runs": _links(runs)} for (arm, s), runs in found.items()]
    return _by_seed(rows, "Arm")


def _by_seed(rows: Sequence[dict[str, object]], title: str) -> Html:
    """A row a name, a column a seed; ``runs`` is what stands there."""
    if not rows:
        return table(pd.DataFrame(columns=["name"]), {"name": title})
    long = pd.DataFrame(rows)
    seeds = sorted(long["seed"].unique())
    wide = long.pivot(index="name", columns="seed", values="runs").reindex(
        index=long["name"].unique(), columns=seeds
    )
    shown = wide.astype(object).where(wide.notna(), None).reset_index()
    heads = {"name": title, **{seed: f"Seed {seed}" for seed in seeds}}
    note = (
        "Every link is to the record of one training: its inputs, data, versions and device. "
        "Beside it lie metrics.jsonl and tests.jsonl, with what it scored."
    )
    return table(shown, heads, caption=note, sortable=False)


def _links(runs: Sequence[tuple[str, Path]]) -> Html:
    """Stages by the last of the names that led to them."""
    names = [name.rpartition(">")[2] for name, _ in runs]
    parts = [_link(run, name) for name, (_, run) in zip(names, runs, strict=True)]
    return Html("<br>".join(parts), ", ".join(names))


def _link(run: Path, name: str) -> str:
    """From a page in ``notebooks``."""
    kept = project_root().resolve() / KEPT
    path = run.resolve()
    if path.is_relative_to(kept):
        place = f"../{KEPT}/{path.relative_to(kept).as_posix()}/{RUN}"
        return f'<a href="{html.escape(place)}">{breakable(name)}</a>'
    return f'<span title="{html.escape(str(path))}">{breakable(name)}</span>'
