"""The part of a chapter that asks whether two ways of training end in one valley."""

import html
import os
import shlex
from pathlib import Path

from trainstudy.analysis.multitask import barrier
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book import show
from trainstudy.book.show import Html, interval, plain, table
from trainstudy.book.task_study import DRAWN, TaskStudy
from trainstudy.figures.barrier import barrier_paths
from trainstudy.paths import project_root
from trainstudy.runs.chains import read_barriers
from trainstudy.tasks import MEASURES


def connection(study: TaskStudy, one: str, other: str) -> Html:
    """Scores between the ends of two cells, and the barrier of every task.

    Where the study has no path between them: a sentence with the command that scores one.
    """
    folder = next((run.parent for chain in study.chains for _, run in chain.stages), None)
    known = read_barriers(folder) if folder else []
    kept = {(chain.cell, chain.seed) for chain in study.chains}  # others have unsound records
    between = [
        path
        for path in known
        if (path["one"], path["other"]) == (one, other)
        and {(one, path["seed"]), (other, path["seed"])} <= kept
    ]
    if not between:
        return _missing(study, folder, one, other)
    paths = barrier.frame(between, MEASURES)
    drawn = show.figure(
        barrier_paths,
        paths,
        METRICS,
        alt=f"Validation score of each task on the straight line from {one} to {other}.",
        caption="Thin: single seeds; with points: their mean; dotted: the line between its ends.",
    )
    found = barrier.summary(barrier.barriers(paths))
    found["metric"] = found["task"].map(METRICS)
    sides = zip(found["low"], found["high"], strict=True)
    found["interval"] = [interval(low, high, plain) for low, high in sides]
    heads = {
        "task": "Task", "metric": "Metric", "value": "Barrier", "interval": "95 % interval",
        "n": "Seeds",
    }  # fmt: skip
    rows = table(found, heads, caption=f"From {one} to {other}, points.", sortable=False)
    return Html(drawn._repr_html_() + rows._repr_html_(), f"{drawn}\n{rows}")


def _missing(study: TaskStudy, folder: Path | None, one: str, other: str) -> Html:
    told = f"This study has no scores between the ends of {one} and {other}"
    if folder is None:
        return Html(f"<p>{html.escape(told)}.</p>", f"{told}.")
    from trainstudy.multitask.data import SYNTHETIC  # see `task_study`

    live = study.source == DRAWN
    place = os.path.relpath(folder, project_root()) if live else study.source
    words = ["python", "-m", "trainstudy.multitask.barrier", place, "--one", one, "--other", other]
    command = shlex.join([*words, *(["--data-root", SYNTHETIC] if live else [])])
    told += "; this command makes them:"
    content = f"<p>{html.escape(told)} <code>{html.escape(command)}</code></p>"
    return Html(content, f"{told} {command}")
