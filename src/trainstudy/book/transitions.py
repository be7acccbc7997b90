"""The part of a chapter on the stability gap: how far learned tasks fall when another begins."""

from trainstudy.analysis.multitask import stability_gap
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.book import show
from trainstudy.book.estimates import wide
from trainstudy.book.show import Html, sentences, table
from trainstudy.book.task_study import TaskStudy
from trainstudy.figures.stability_gap import transitions

SHOWN = 6  # sequences in one figure, told apart by colour
MISSING = "This study has no sequence of tasks, so nothing that could fall when one ends."


def transition_figure(study: TaskStudy) -> Html:
    """Scores of earlier tasks since each stage began, of sequences that go one way: the first one,
    and the first ones with remedies."""
    if not study.alike:
        return sentences([MISSING])
    plain, *others = study.alike
    remedied = [cell for cell in others if study.remedies[cell]]
    return show.figure(
        transitions,
        stability_gap.since_transitions(study.scores),
        [plain, *remedied][:SHOWN],
        METRICS,
        alt="Validation scores of earlier tasks over the logarithm of the iterations since a new "
        "stage began, by sequence.",
        caption="Means over seeds with their range; first: the end of the stage before.",
    )


def transition_table(study: TaskStudy) -> Html:
    """The worst that every sequence went through: min-ACC, WC-ACC, gap and recovery."""
    if not study.sequences:
        return sentences([MISSING])
    chosen = study.scores["cell"].isin(study.sequences)
    shown = wide(stability_gap.summary(study.scores[chosen]))
    heads = {
        "cell": "Training", "min_acc": "min-ACC", "wc_acc": "WC-ACC", "gap": "Gap",
        "recovered": "Recovered",
    }  # fmt: skip
    return table(shown, heads, caption="Validation, percent and points, means over seeds.")
