"""Checks of what was expected of a study before its first result: of several cells at once.

Figures are means over seeds with Student's 95 % interval, differences are paired by seed.
"""

from collections.abc import Sequence

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.multitask.alone import PAR, UNKNOWN, WORSE, against_single
from trainstudy.analysis.multitask.rates import guessing
from trainstudy.analysis.multitask.reference import relative_difference
from trainstudy.analysis.multitask.rules.cells import better
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.analysis.verdict import Status, Verdict, decide_positive, not_checkable, phrase
from trainstudy.reports import Claim


def ends_higher_if_last(claim: Claim, trials: Trials, *, cells: Sequence[str]) -> Verdict:
    """A task ends higher in the orders that train it last than in the others, mean over tasks.

    ``cells``: sequences, named by their orders.
    """
    if lacking := trials.lacking(*cells):
        return lacking
    table = trials.table[trials.table["cell"].isin(cells)]
    last = [
        cell.split(",")[-1] == task for cell, task in zip(table["cell"], table["task"], strict=True)
    ]
    means = table.assign(last=last).pivot_table("final", ["seed", "task"], "last").dropna()
    found = Interval(*t_interval((means[True] - means[False]).groupby("seed").mean()))
    text = phrase(found, "points", digits=1, of="seed")
    evidence = f"Trained last less trained earlier, mean of the tasks: {text}."
    return Verdict(decide_positive(found), evidence, *found[:3], n=found.n)


def on_par(claim: Claim, trials: Trials, *, cell: str, tasks: int) -> Verdict:
    """A cell is at least on par with training each task alone, on so many tasks at least.

    With single tasks of the same length and rate; see `alone.on_par`.
    """
    if lacking := trials.lacking(cell):
        return lacking
    found = against_single(trials.table, cell)
    found = found[(found["budget"] == "") & (found["cell"] == cell)]
    known = found[found["verdict"] != UNKNOWN]
    if known.empty:
        return not_checkable("No single task was trained with several seeds in common.")
    par = int((known["verdict"] == PAR).sum())
    worse = int((known["verdict"] == WORSE).sum())
    each = ", ".join(
        f"{METRICS[task]} {value:+z.1f} [{low:+z.1f}, {high:+z.1f}]"
        for task, value, low, high in known[["task", "value", "low", "high"]].itertuples(
            index=False
        )
    )
    status: Status = "confirmed" if par >= tasks else "not identifiable"
    if worse > len(METRICS) - tasks:
        status = "contradicted"
    evidence = f"At least on par on {par} of {len(known)}: {each} points."
    return Verdict(status, evidence, float(par), n=int(known["n"].min()))


def best_of(
    claim: Claim, trials: Trials, *, cells: Sequence[str], than: Sequence[str], base: str
) -> Verdict:
    """The best of some cells is better than the best of others, each by its mean against ``base``.

    Of cells that are not trained nothing is known; at least one on each side has to be.
    """
    known = set(trials.table["cell"])
    best = []
    for side in (cells, than):
        trained = [cell for cell in side if cell in known]
        if base not in known or not trained:
            return not_checkable(f"No finished run of {base!r}, or of any of {', '.join(side)}.")
        best.append(max(trained, key=lambda cell: relative_difference(trials.table, cell, base)[0]))
    return better(claim, trials, cell=best[0], than=best[1])


def guessed(claim: Claim, trials: Trials, *, cell: str, classes: int) -> Verdict:
    """A cell's top-1 cannot be told from guessing among so many classes."""
    if lacking := trials.lacking(cell):
        return lacking
    rows = trials.table[(trials.table["cell"] == cell) & (trials.table["task"] == "cls")]
    found = Interval(*t_interval(rows["final"]))
    text = phrase(found, METRICS["cls"], signed=False, digits=1, of="seed")
    evidence = f"{cell}: {text}, {100 / classes:.1f} by guessing among {classes} classes."
    status: Status = "confirmed" if guessing(rows, classes) else "contradicted"
    return Verdict(status if found.n > 1 else "not identifiable", evidence, *found[:3], n=found.n)
