"""The part of a chapter on how the tasks pull at one network: cosines of gradients, weights."""

from trainstudy.analysis.multitask.cosines import by_cell
from trainstudy.book import show
from trainstudy.book.estimates import wide
from trainstudy.book.show import Html, sentences, signed, table
from trainstudy.book.task_study import JOINT, TaskStudy, report
from trainstudy.figures.cosines import cosine_curves
from trainstudy.figures.weights import task_weights
from trainstudy.runs.chains import cosines, weights

UNMEASURED = "Cosines between the gradients of the tasks were not measured in this study."


def cosine_figure(study: TaskStudy) -> Html:
    """Cosines over the iterations: joint training, and the first sequence."""
    cells = [JOINT, *study.sequences[:1]]
    found = cosines([chain for chain in study.chains if chain.cell in cells])
    if found.empty:
        return sentences([UNMEASURED])
    return show.figure(
        cosine_curves,
        found,
        cells,
        alt="Cosines between the gradients of two tasks over the iterations, by way of training.",
        caption="Means over seeds with their range; dotted: neither for nor against each other.",
    )


def cosine_table(study: TaskStudy) -> Html:
    """The mean cosine of every pair in every cell, and how often the tasks were opposed."""
    found = by_cell(cosines(study.chains))
    if found.empty:
        return sentences([UNMEASURED])
    pairs = list(dict.fromkeys(found["pair"]))
    shown = wide(found.rename(columns={"pair": "measure"}), dict.fromkeys(pairs, signed))
    shown["opposed"] = shown["cell"].map(found.groupby("cell")["opposed"].mean())
    heads = {"cell": "Training", **{pair: pair for pair in pairs}, "opposed": "Opposed, %"}
    note = (
        "Means over the regular validations and seeds; opposed: share of the measurements below 0."
    )
    return table(shown, heads, {"opposed": lambda share: f"{share:.0f}"}, caption=note)


def weight_figure(study: TaskStudy) -> Html:
    """The weights that the report's way gave the losses, and those that the report prints."""
    found = weights([chain for chain in study.chains if chain.cell == JOINT])
    if found.empty:
        return sentences([f"This study has no weights of a cell {JOINT}."])
    losses = report().tables["losses"]
    return show.figure(
        task_weights,
        found,
        dict(zip(losses["task"], losses["weight"], strict=True)),
        alt="Weight of each task's loss over the iterations of joint training.",
        caption="Means over seeds with their range; crosses: the report's, of its last epoch.",
    )
