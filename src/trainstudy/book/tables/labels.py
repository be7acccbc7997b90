"""Iteration labels: readings, their fit, and the peaks."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from trainstudy.analysis import label_evidence
from trainstudy.analysis import labels as readings
from trainstudy.book import show
from trainstudy.book.show import Html, budget, interval, signed, table
from trainstudy.book.study import Study

NAMES = list(readings.HYPOTHESES)
NONE = "These runs have none of the report's configurations at its iterations."


def hypotheses() -> Html:
    """What the study's largest labels would mean under each reading."""
    labels = (160_000, 240_000, 320_000, 450_000)
    rows = [
        {"hypothesis": name, **{label: reading(label) for label in labels}}
        for name, reading in readings.HYPOTHESES.items()
    ]
    headings: dict[Any, str] = {
        "hypothesis": "Label L read as",
        **{label: f"L = {budget(label)}" for label in labels},
    }
    formats = dict.fromkeys(labels, lambda value: f"{value:,.0f}")
    return table(pd.DataFrame(rows), headings, formats, "Iteration that a label stands for.")


def admissible(frame: pd.DataFrame) -> Html:
    """How many of the report's peak labels lie within training under each reading."""
    counts = frame.groupby("hypothesis", sort=False)["possible"].agg(["sum", "size"]).reset_index()
    counts["impossible"] = counts["size"] - counts["sum"]
    headings = {
        "hypothesis": "Label read as",
        "sum": "Peaks within training",
        "impossible": "Peaks after its end",
    }
    return table(counts, headings)


def label_figure(fits: pd.DataFrame, draw: Callable[[pd.DataFrame], Figure]) -> Html:
    """The errors of the levels under each reading, where these curves have the configurations."""
    levels = fits[fits["kind"] == "level"]
    if levels.empty:
        return _nothing()
    return show.figure(
        draw,
        levels,
        alt="Reported minus published level under each reading of the labels, in mIoU points and "
        "in units of its noise; a bar marks the mean.",
    )


def label_summary(fits: pd.DataFrame) -> Html:
    """Bias and root mean square of the errors, levels and gains apart."""
    if fits.empty:
        return _nothing()
    found = label_evidence.summary(fits)
    titles = {
        "hypothesis": "Label read as",
        "kind": "Figures",
        "n": "n",
        "bias": "Bias",
        "rmse": "RMSE",
        "rms_z": "RMS error / noise",
    }
    headings = {name: title for name, title in titles.items() if name in found}
    return table(found, headings, {"bias": signed}, "Errors in mIoU points.", sortable=False)


def label_advantage(study: Study, figures: pd.DataFrame, fits: pd.DataFrame) -> list[str]:
    """How clearly one reading fits better than another, and the scale that fits best."""
    lines = []
    for kind in ("level", "gain"):
        part = fits[fits["kind"] == kind]
        if part.empty:
            continue
        found = label_evidence.advantage(part, NAMES[2], NAMES[0])
        if pd.isna(found.low):
            lines.append(_too_few(f"the {kind}s tell two readings apart", found.n))
            continue
        clear = "does not reach zero" if found.low > 0 or found.high < 0 else "includes zero"
        lines.append(
            f"By the {kind}s, reading the labels as “{NAMES[2]}” instead of “{NAMES[0]}” changes "
            f"the squared error, in units of noise, by {signed(-found.value)} (95 % interval "
            f"{interval(-found.high, -found.low)} over configurations), which {clear}."
        )
    levels = figures[figures["since"].isna()]
    if not fits[fits["kind"] == "level"].empty:
        scale = label_evidence.best_scale(levels, study.curves)
        if pd.isna(scale.low):
            return [*lines, _too_few("the levels find a scale of their own", scale.n)]
        lines.append(
            f"With the scale left free, the levels fit best when a step of the labels after the "
            f"resume is {scale.value:.2f} of its length (95 % interval {scale.low:.2f} to "
            f"{scale.high:.2f}); the ratio of the two intervals is "
            f"{readings.VALIDATION_INTERVAL / readings.LABEL_STEP:.3f}."
        )
    return lines or [NONE]


def peak_labels(study: Study) -> Html:
    """Whether the level at each mapped peak is as good as the published peak, within noise."""
    found = label_evidence.peak_labels(study.report.tables["performance"], study.curves)
    if found["published_peak"].isna().all():
        return _nothing()
    parts = ["strategy", "dataset", "family"]
    found = found.assign(configuration=found[parts].agg("/".join, axis=1))
    titles = {
        "configuration": "Configuration",
        "hypothesis": "Label read as",
        "peak_label": "Label",
        "iteration": "Iteration",
        "possible": "Within training",
        "published_peak_iteration": "Published peak at",
        "shortfall": "Below the published peak by",
        "noise_floor": "Noise floor",
        "consistent": "Consistent",
    }
    headings = {name: title for name, title in titles.items() if name in found}
    formats: dict[str, show.Format] = {
        "peak_label": budget,
        "iteration": lambda value: f"{value:,.0f}",
        "published_peak_iteration": budget,
    }
    return table(found, headings, formats, "Peaks, mIoU points.")


def _too_few(what: str, n: int) -> str:
    return (
        f"That {what} takes at least three of the report's configurations with known noise; these "
        f"runs have {n}."
    )


def _nothing() -> Html:
    return Html(f"<p>{NONE}</p>", NONE)
