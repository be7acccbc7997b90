"""How far a learned task falls *while* later ones are trained, even where it recovers.

De Lange, van de Ven & Tuytelaars 2023, "Continual evaluation for lifelong learning: identifying the
stability gap". Their minima are over every iteration; those over fewer evaluations, as here, are
upper bounds of them: the gap may be deeper between two evaluations.
"""

import pandas as pd

from trainstudy.analysis.arm_gains import t_interval
from trainstudy.analysis.multitask.transfer import INTERVAL, by_task, trains

GAPS = ["cell", "seed", "task", "own", "minimum", "final", "gap", "recovered"]
SINCE = ["cell", "seed", "stage", "stage_name", "task", "since", "score"]


def stability_gaps(scores: pd.DataFrame, split: str = "val") -> pd.DataFrame:
    """Every task that was learned before the last stage: `GAPS`, points.

    minimum: the lowest score at any evaluation after the own stage; gap: own - minimum; recovered:
    final - minimum. Seeds that have not reached the last stage are left out.
    """
    measures = by_task(scores, split)
    measures = measures[measures["backward"].notna()]
    part = scores[scores["split"] == split]
    key = ["cell", "seed", "task"]
    own = part[part["boundary"] & trains(part)].groupby(key)["stage"].min().rename("own_stage")
    later = part.merge(own, on=key)
    lowest = later[later["stage"] > later["own_stage"]].groupby(key)["score"].min()
    table = measures.merge(lowest.rename("minimum"), on=key)
    table["gap"] = table["own"] - table["minimum"]
    return table.assign(recovered=table["final"] - table["minimum"])[GAPS]


def worst_case(scores: pd.DataFrame, split: str = "val") -> pd.DataFrame:
    """min-ACC and WC-ACC at the end of each chain: cell, seed, min_acc, wc_acc (percent).

    min_acc: mean minimum over the tasks learned before the last stage. wc_acc: mean over all k
    tasks of the minimum, or of the final score where the last stage taught the task; with one new
    task that is the paper's score / k + (1 - 1 / k) min-ACC. Chains of one stage are left out.
    """
    minima = stability_gaps(scores, split)[["cell", "seed", "task", "minimum"]]
    table = by_task(scores, split).merge(minima, how="left", on=["cell", "seed", "task"])
    table["worst"] = table["minimum"].fillna(table["final"])
    seeds = table.groupby(["cell", "seed"], sort=False)
    found = seeds.agg(min_acc=("minimum", "mean"), wc_acc=("worst", "mean"))
    return found.dropna().reset_index()


def summary(scores: pd.DataFrame, split: str = "val") -> pd.DataFrame:
    """Means over seeds, cell, measure, value, low, high, n: min_acc and wc_acc of `worst_case`, gap
    and recovered of `stability_gaps` as means over the tasks."""
    gaps = stability_gaps(scores, split).groupby(["cell", "seed"], sort=False)
    means = gaps[["gap", "recovered"]].mean().reset_index()
    table = worst_case(scores, split).merge(means, on=["cell", "seed"])
    rows = [
        (cell, measure, *t_interval(part[measure]))
        for cell, part in table.groupby("cell", sort=False)
        for measure in ("min_acc", "wc_acc", "gap", "recovered")
    ]
    return pd.DataFrame(rows, columns=["cell", "measure", *INTERVAL])


def since_transitions(scores: pd.DataFrame, split: str = "val") -> pd.DataFrame:
    """Scores of learned tasks by the iterations ``since`` a stage began that does not train them:
    `SINCE`. At 0 stands the end of the stage before."""
    part = scores[scores["split"] == split]
    own = part[trains(part)].groupby(["cell", "seed", "task"])["stage"].min().rename("own_stage")
    later = part.merge(own, on=["cell", "seed", "task"])
    later = later[(later["stage"] > later["own_stage"]) & ~trains(later)]
    later = later.rename(columns={"iteration": "since"})
    ends = part.loc[part["boundary"], ["cell", "seed", "stage", "task", "score"]]
    ends = ends.assign(stage=ends["stage"] + 1, since=0)
    stages = later[["cell", "seed", "stage", "stage_name", "task"]].drop_duplicates()
    before = ends.merge(stages, on=["cell", "seed", "stage", "task"])
    found = pd.concat([before[SINCE], later[SINCE]], ignore_index=True)
    return found.sort_values(SINCE[:6], kind="stable", ignore_index=True)
