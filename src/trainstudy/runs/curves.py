"""The one data frame between readers and analysis: a row for every evaluated checkpoint."""

import numpy as np
import pandas as pd

SPLITS = ("val", "test")
NAMES = ["strategy", "dataset", "model", "run", "split"]
KEY = [*NAMES, "iteration"]
DTYPES = {
    **dict.fromkeys(NAMES, "str"),
    "iteration": "int64",
    "mIoU": "float64",
    "pixel_acc": "float64",
    "source": "str",
}
COLUMNS = list(DTYPES)


def empty() -> pd.DataFrame:
    """A frame with the columns and types of a curve, and no row."""
    return frame([])


def frame(rows: list[dict[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Rows as a typed, sorted frame. Keys are those of ``COLUMNS``; scores are in percent."""
    made = pd.DataFrame(rows, columns=COLUMNS).astype(DTYPES)
    return made.sort_values(KEY, kind="stable", ignore_index=True)


def configuration(curves: pd.DataFrame) -> pd.Series:
    """What was trained, as one name a row: ``strategy/dataset/model``."""
    return curves["strategy"] + "/" + curves["dataset"] + "/" + curves["model"]


def validate(curves: pd.DataFrame, name: str = "curves") -> pd.DataFrame:
    """The frame itself, when it is one of curves.

    Raises ValueError that begins with ``name`` and tells the missing column, or the first row (and
    its source) that breaks a rule and which rule.
    """
    if missing := [column for column in COLUMNS if column not in curves]:
        raise ValueError(f"{name}: no column {missing[0]!r}; a curve has {', '.join(COLUMNS)}")
    for column in ("mIoU", "pixel_acc"):
        if curves[column].dtype != np.float64:
            raise ValueError(f"{name}: column {column!r} is {curves[column].dtype}, not float64")
    if curves["iteration"].dtype != np.int64:
        raise ValueError(f"{name}: column 'iteration' is {curves['iteration'].dtype}, not int64")
    rules = {
        "iteration below 1": curves["iteration"] < 1,
        "mIoU outside 0 to 100 percent": ~curves["mIoU"].between(0, 100),
        "pixel_acc outside 0 to 100 percent": ~curves["pixel_acc"].fillna(0).between(0, 100),
        f"split is neither of {', '.join(SPLITS)}": ~curves["split"].isin(SPLITS),
        "a name is missing": curves[NAMES].isna().any(axis=1) | (curves[NAMES] == "").any(axis=1),
        "a second row for this checkpoint": curves.duplicated(KEY),
    }
    for rule, broken in rules.items():
        if broken.any():
            position = int(np.argmax(broken.to_numpy()))
            row = curves.iloc[position]
            raise ValueError(f"{name}: row {position} ({row['source']}): {rule}: {row.to_dict()}")
    return curves
