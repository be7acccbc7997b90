"""The part of a chapter on the learning rate: what others than the common one do."""

from functools import partial

from trainstudy.analysis.multitask.rates import RATE, changes, guessing
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book.estimates import column
from trainstudy.book.show import Html, sentences, signed, table, tenths
from trainstudy.book.task_study import TaskStudy
from trainstudy.files import read_json
from trainstudy.runs.record import RUN

MISSING = f"This study has no cell that is another with {RATE} after its name."
points = partial(signed, digits=1)


def compared(study: TaskStudy) -> Html:
    """Every cell with a rate of its own less the one without, by task, paired by seed."""
    found = changes(study.by_task)
    if found.empty:
        return sentences([MISSING])
    found["metric"] = found["task"].map(METRICS)
    found["difference"] = column(found, points)
    heads = {
        "cell": "Training", "base": "Less", "metric": "Metric", "score": "Score",
        "difference": "Difference, points", "noise_floor": "Noise floor", "n": "Seeds",
    }  # fmt: skip
    return table(found, heads, {"score": tenths}, sortable=False)


def chance(study: TaskStudy) -> Html:
    """Which of the trainings compared classify no better than guessing would."""
    known = changes(study.by_task)
    cells = {*known["cell"], *known["base"]}
    if not cells:
        return sentences([MISSING])
    classes = _classes(study)
    found = guessing(study.by_task[study.by_task["cell"].isin(cells)], classes)
    level = f"guessing among {classes} classes ({tenths(100 / classes)} % top-1)"
    if not found:
        return sentences([f"All of these with several seeds classify better than {level}."])
    names = ", ".join(found)
    return sentences([f"By their intervals, no better than {level}: {names}."])


def _classes(study: TaskStudy) -> int:
    """Of the images that classification is scored on."""
    run = study.chains[0].stages[0][1]
    return len(read_json(run / RUN)["data"]["val cls"]["classes"])
