"""Checks by our own runs: one way of training against another, everything else held equal.

Figures are means over seeds with Student's 95 % interval, differences are paired by seed.
"""

from collections.abc import Sequence
from dataclasses import replace

from trainstudy.analysis.arm_gains import TInterval, t_interval
from trainstudy.analysis.intervals import Interval
from trainstudy.analysis.multitask.many import LEVEL
from trainstudy.analysis.multitask.reference import (
    SINGLE,
    against,
    differences,
    paired,
    relative,
    relative_difference,
)
from trainstudy.analysis.multitask.scores import METRICS
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.analysis.verdict import (
    Status,
    Verdict,
    decide_figure,
    decide_positive,
    not_checkable,
    phrase,
)
from trainstudy.reports import Claim
from trainstudy.tasks import TASKS


def better(claim: Claim, trials: Trials, *, cell: str, than: str) -> Verdict:
    """A cell ends with higher scores than another: mean relative difference over the tasks.

    Where the cell is one of several changes to the other, all of them count; see `many`.
    """
    if lacking := trials.lacking(cell, than):
        return lacking
    found, floor = relative_difference(trials.table, cell, than)
    tasks = differences(trials.table, cell, than)
    each = ", ".join(
        f"{METRICS[task]} {value:+z.1f}"
        for task, value in zip(tasks["task"], tasks["value"], strict=True)
    )
    words = f"{cell} against {than}, mean relative difference of the tasks"
    verdict = told(words, found, floor, f" ({each} points)")
    family = trials.changes(than)
    if cell not in family.index:
        return verdict
    p = float(family["p"][cell])
    chance = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    evidence = f"{verdict.evidence[:-1]}, {chance} among {len(family)} changes to {than}."
    if p >= LEVEL and verdict.status in ("confirmed", "contradicted"):
        verdict = replace(verdict, status="not identifiable")
    return replace(verdict, evidence=evidence)


def ahead(claim: Claim, trials: Trials, *, cell: str, than: str) -> Verdict:
    """A cell ends with higher scores than another, in percent of its own.

    For another that has lost nearly everything, of which percents would tell nothing.
    """
    if lacking := trials.lacking(cell, than):
        return lacking
    words = f"{cell} less {than}, in percent of {cell}, mean of the tasks"
    return told(words, *paired(relative(trials.table, than, cell), cell, than))


def better_balanced(claim: Claim, trials: Trials, *, cell: str, than: str) -> Verdict:
    """The task furthest below its single-task score is less far below it than in another cell."""
    if lacking := trials.lacking(cell, than, *SINGLE.values()):
        return lacking
    table = against(trials.table).pivot(index=["seed", "cell"], columns="task", values="relative")
    worst = table.min(axis=1, skipna=False)
    words = f"{cell} less {than}, task furthest below its single-task score"
    return told(words, *paired(worst.unstack("cell"), cell, than))


def forgotten(claim: Claim, trials: Trials, *, cells: Sequence[str], more_than: float) -> Verdict:
    """Earlier tasks lose more than so many percent of their own base, mean over tasks and cells.

    Orders that are not trained yet, or with fewer seeds than others, are left out; how many count
    is said.
    """
    table = trials.table[trials.table["cell"].isin(cells) & (trials.table["own"] > 0)]
    table = table.dropna(subset="backward")
    if table.empty:
        names = ", ".join(map(repr, cells))
        return not_checkable(f"No finished run that learned an earlier task, of any of {names}.")
    table = table.assign(drop=-100 * table["backward"] / table["own"])
    means = table.pivot_table("drop", "seed", "cell")
    whole = means.loc[:, means.count() == means.count().max()].dropna()
    found = Interval(*t_interval(whole.mean(axis=1)))
    value, low, high = (figure - more_than for figure in found[:3])
    text = phrase(found, "% of their own base", signed=False, digits=1, of="seed")
    counted = table[table["cell"].isin(whole.columns) & table["seed"].isin(whole.index)]
    each = counted.groupby("task")["drop"].mean()
    parts = ", ".join(f"{task} {each[task]:.0f} %" for task in TASKS if task in each.index)
    evidence = (
        f"Earlier tasks lose {text}, mean over {whole.shape[1]} of {len(cells)} orders; by task: "
        f"{parts}."
    )
    return Verdict(
        decide_positive(Interval(value, low, high, found.n)), evidence, *found[:3], n=found.n
    )


def less_forgotten(claim: Claim, trials: Trials, *, cell: str, than: str) -> Verdict:
    """Less is forgotten in a cell than in another, mean over the earlier tasks."""
    return _forgetting(trials, cell, than, positive=True)


def no_less_forgotten(claim: Claim, trials: Trials, *, cell: str, than: str) -> Verdict:
    """A remedy does not reduce forgetting beyond what seeds alone give."""
    return _forgetting(trials, cell, than, positive=False)


def _forgetting(trials: Trials, cell: str, than: str, positive: bool) -> Verdict:
    """Status of 'a cell forgets less than another', or of 'it does not'."""
    if lacking := trials.lacking(cell, than):
        return lacking
    means = trials.table.groupby(["seed", "cell"])["forgetting"].mean().unstack("cell")
    words = f"Forgetting, {than} less {cell}"
    return told(words, *paired(means, than, cell), unit="points", positive=positive)


def score(
    claim: Claim, trials: Trials, *, cell: str, task: str, beside: Sequence[str] = ()
) -> Verdict:
    """The reported score of a task lies in our interval.

    It decides nothing where it does not: the report's network and data are not ours. What cells
    ``beside`` it end at is told where they are trained.
    """
    if lacking := trials.lacking(cell):
        return lacking
    found, text = _final(trials, cell, task)
    if claim.reported is None:
        raise ValueError(f"claim {claim.id}: rule score needs a reported figure")
    same = decide_figure(claim.reported, found, claim.rounding) == "confirmed"
    others = [
        f"; {other}: {_final(trials, other, task)[1]}"
        for other in beside
        if not trials.lacking(other)
    ]
    evidence = f"{cell}: {text}{''.join(others)}; the network is not the report's."
    return Verdict("confirmed" if same else "not identifiable", evidence, *found[:3], n=found.n)


def _final(trials: Trials, cell: str, task: str) -> tuple[Interval, str]:
    """What a cell ends at, and in words."""
    rows = trials.table[(trials.table["cell"] == cell) & (trials.table["task"] == task)]
    found = Interval(*t_interval(rows["final"]))
    return found, phrase(found, METRICS[task], signed=False, of="seed")


def _decide_none(found: Interval, floor: float) -> Status:
    """Status of 'this effect is not positive': not beyond what noise makes, by the whole interval
    for the one and for the other."""
    if found.low > 0 and found.value > floor:
        return "contradicted"
    return "confirmed" if found.high <= floor else "not identifiable"


def told(
    words: str,
    difference: TInterval,
    floor: float,
    more: str = "",
    unit: str = "%",
    positive: bool = True,
) -> Verdict:
    """Status of 'this difference is positive', or of 'it is nothing beyond noise'."""
    found = Interval(*difference)
    if not found.n:
        return not_checkable(f"{words}: not defined for any seed of both.")
    text = phrase(found, unit, floor, digits=1, of="seed")
    status = decide_positive(found, floor) if positive else _decide_none(found, floor)
    if found.n == 1:  # another seed may end elsewhere
        status = "not identifiable"
    return Verdict(status, f"{words}: {text}{more}.", *found[:3], floor, found.n)
