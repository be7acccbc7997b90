"""The part of a chapter on what ways of training cost, and what more of it buys."""

import re
from typing import Any

import pandas as pd

from trainstudy.analysis.multitask.costs import in_multiples
from trainstudy.analysis.multitask.reference import differences
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book import show
from trainstudy.book.show import Html, sentences, table
from trainstudy.book.task_study import DRAWN, JOINT, TaskStudy
from trainstudy.figures.cost import cost_benefit

LONGER = re.compile(rf"{JOINT}( epochs=[\d.]+)?")  # cells that differ in their length alone
SHARED = "–"  # its seconds are not attributable
ATTRIBUTED = ("seconds", "kilojoules", "alone")
START = "Means over the chains of a cell, all of their stages together. "


def cost_table(study: TaskStudy) -> Html:
    """Iterations, images, seconds and energy of a chain of every cell."""
    found = study.costs.copy()
    alone = found["alone"] > 0
    for column, form in (("seconds", "{:,.0f}"), ("kilojoules", "{:,.1f}")):
        values = found["joules"] / 1000 if column == "kilojoules" else found[column]
        texts = [None if pd.isna(value) else form.format(value) for value in values]
        found[column] = [text if own else SHARED for text, own in zip(texts, alone, strict=True)]
    found["times"] = in_multiples(found, JOINT, "iterations")
    heads = {
        "cell": "Training", "iterations": "Iterations", "times": f"Times {JOINT}",
        "images": "Images", "seconds": "Device-seconds", "kilojoules": "Kilojoules",
        "chains": "Seeds", "alone": "Alone", "device": "Device",
    }  # fmt: skip
    note = _note(found)
    left_out: tuple[str, ...] = () if alone.any() else ATTRIBUTED
    if study.source == DRAWN:  # a page that is built twice is to be the same
        left_out = (*ATTRIBUTED, "device")
        note = f"{START}No times: the study is {DRAWN}."
    heads = {name: head for name, head in heads.items() if name not in left_out}
    whole = dict.fromkeys(("iterations", "images"), lambda value: f"{value:,.0f}")
    return table(found, heads, whole, caption=note)


def cost_figure(study: TaskStudy) -> Html:
    """What longer joint training brings each task over the plain one."""
    cells = [cell for cell in study.cells if LONGER.fullmatch(cell)]
    if JOINT not in cells or len(cells) < 2:
        return sentences([f"This study has no cell that differs from {JOINT} in its length alone."])
    return show.figure(
        cost_benefit,
        longer(study, cells),
        names=(f"iterations, in multiples of {JOINT}", "gain (points)"),
        alt="Gain of each task over the iterations of joint training, with intervals.",
        caption=f"Against {JOINT}, paired by seed, with 95 % intervals.",
    )


def longer(study: TaskStudy, cells: list[str]) -> dict[str, pd.DataFrame]:
    """Gain over joint training by its length, for every task: as ``figures.cost`` draws them."""
    iterations = study.by_task.groupby("cell")["iterations"].mean()
    rows: list[Any] = []
    for cell in sorted(cells, key=lambda cell: iterations[cell]):
        for one in differences(study.by_task, cell, JOINT).to_dict("records"):
            gain = [0.0] * 3 if cell == JOINT else [one[name] for name in ("value", "low", "high")]
            rows.append((one["task"], iterations[cell] / iterations[JOINT], *gain))
    columns = ["task", "compute_multiple", "gain", "low", "high"]
    found = pd.DataFrame(rows, columns=columns)
    return {
        f"{task}: {metric}": found[found["task"] == task]
        for task, metric in METRICS.items()
        if (found["task"] == task).any()
    }


def _note(found: pd.DataFrame) -> str:
    if not found["alone"].any():
        return START + (
            "Every training shared its device with others: seconds and energy of the device are "
            "those of all of them, and not attributable to one."
        )
    rest = "Seconds and energy are known of the chains that had their device to themselves"
    return START + rest + (", all of them." if (found["alone"] == found["chains"]).all() else ".")
