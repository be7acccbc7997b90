"""The part of a chapter on what was tuned before a study, and what that chose."""

from pathlib import Path

from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.analysis.multitask.tuning import COURSE, KEPT, choices
from trainstudy.book.show import Html, sentences, signed, table
from trainstudy.paths import resolve
from trainstudy.runs.chains import read_chains, scores
from trainstudy.runs.record import STUDY


def chosen(tuning: str) -> Html:
    """The options of every group with what they were judged by, on validation images.

    ``tuning``: a folder with the ``study.json`` of a tuning; a sentence where there is none.
    """
    try:
        folder = resolve(Path(tuning) / STUDY).parent
    except FileNotFoundError:
        return sentences([f"Nothing has been tuned yet: there is no {tuning}/{STUDY}."])
    chains = read_chains(folder)
    found = choices(by_task(scores(chains), "val"))
    found["value"] = [
        signed(value, digits=2) if group == COURSE else f"{signed(value, digits=1)} %"
        for group, value in zip(found["group"], found["value"], strict=True)
    ]
    found["chosen"] = found["chosen"].map({True: "chosen", False: ""})
    heads = {
        "group": "Group", "option": "Option", "value": "Judged by", "chosen": "", "n": "Seeds",
    }  # fmt: skip
    seeds = ", ".join(str(seed) for seed in sorted({chain.seed for chain in chains}))
    note = (
        "Mean relative difference to single-task training; the course's options by the requirement "
        f"that is met least, as a share of it, {100 * KEPT:g} % of every single-task score among "
        f"them. Validation images, seeds {seeds}."
    )
    return table(found, heads, sortable=False, caption=note)
