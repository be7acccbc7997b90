"""The one data frame between records and analysis: a row for every evaluation of one task.

cell       name of the configuration: way, remedies and options
seed
stage      0, 1, 2 ... in the chain of the cell; stage_name tells its path
trained    the tasks of the stage, joined by '+'
iteration  within the stage; total: since the start of the chain
split      'val' or 'test'
task       'seg', 'det' or 'cls'
score      percent: mIoU, mAP50, top-1
boundary   whether this is the end of the stage
"""

import numpy as np
import pandas as pd

from trainstudy.tasks import TASKS

METRICS = {"seg": "mIoU", "det": "mAP50", "cls": "top-1"}  # as tables name them
SPLITS = ("val", "test")
KEY = ["cell", "seed", "split", "stage", "iteration", "task"]
DTYPES = {
    "cell": "str", "seed": "int64", "stage": "int64", "stage_name": "str", "trained": "str",
    "iteration": "int64", "total": "int64", "split": "str", "task": "str", "score": "float64",
    "boundary": "bool",
}  # fmt: skip
COLUMNS = list(DTYPES)


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as a typed frame, in their order; ValueError as `validate`."""
    return validate(pd.DataFrame(rows, columns=COLUMNS).astype(DTYPES))


def validate(scores: pd.DataFrame, name: str = "scores") -> pd.DataFrame:
    """The frame itself, when it is one of scores.

    ValueError that begins with ``name`` and tells the missing column, or the first row that breaks
    a rule and which rule.
    """
    if missing := [column for column in COLUMNS if column not in scores]:
        raise ValueError(f"{name}: no column {missing[0]!r}; scores have {', '.join(COLUMNS)}")
    last = scores.groupby(["cell", "seed", "split", "stage"])["iteration"].transform("max")
    known = "|".join(TASKS)
    rules = {
        "score outside 0 to 100 percent": ~scores["score"].between(0, 100),
        f"task is none of {', '.join(TASKS)}": ~scores["task"].isin(TASKS),
        "trained is not tasks joined by '+'": ~scores["trained"].str.fullmatch(
            rf"({known})(\+({known}))*"
        ),
        f"split is none of {', '.join(SPLITS)}": ~scores["split"].isin(SPLITS),
        "stage or iteration below 0": (scores["stage"] < 0) | (scores["iteration"] < 0),
        "total below iteration": scores["total"] < scores["iteration"],
        "the boundary of a stage is not its last evaluation": scores["boundary"]
        & (scores["iteration"] < last),
        "a second row for this evaluation": scores.duplicated(KEY),
    }
    for rule, broken in rules.items():
        if broken.any():
            position = int(np.argmax(broken.to_numpy()))
            row = scores.iloc[position][COLUMNS].to_dict()
            raise ValueError(f"{name}: row {position}: {rule}: {row}")
    return scores
