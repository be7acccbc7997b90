"""A cell that was trained to its end, as it stands when its best checkpoints are kept instead."""

import pandas as pd

from trainstudy.analysis.multitask.scores import frame

KEPT = "stopping=best"  # after the name of the cell


def with_best(scores: pd.DataFrame, cell: str = "joint") -> pd.DataFrame:
    """The scores, and those of the cell ``joint stopping=best``.

    Each of its tasks has the test score of the checkpoint that was best for it on validation; at
    the end of the chain, for the training is the same. Nothing is added where that checkpoint was
    not tested.
    """
    whole = scores[scores["cell"] == cell]
    rows = []
    for _, part in whole.groupby(["seed", "task"], sort=False):
        last = part[part["stage"] == part["stage"].max()]
        val, test = (last[last["split"] == split] for split in ("val", "test"))
        if val.empty or test.empty:
            continue
        chosen = val.loc[val["score"].idxmax(), "iteration"]
        found = test[test["iteration"] == chosen]
        ends = test[test["boundary"]]
        if len(found) and len(ends):
            score = float(found["score"].iloc[0])
            rows.append({**ends.iloc[0].to_dict(), "cell": f"{cell} {KEPT}", "score": score})
    return pd.concat([scores, frame(rows)], ignore_index=True) if rows else scores
