"""Made-up curves, the published rows, and the report."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainstudy.reports import Report, load_report
from trainstudy.runs.aliases import canonical
from trainstudy.runs.curves import frame

REPORTS = Path(__file__).parents[2] / "reports"


@pytest.fixture(scope="session")
def make() -> Callable[..., pd.DataFrame]:
    """make({'none/City/pspnet_r50': {80: 40.0, 90: 41.0}}, run=, split=) -> curves."""

    def build(
        curves: Mapping[str, Mapping[int, float]], run: str = "a", split: str = "test"
    ) -> pd.DataFrame:
        rows = []
        for name, points in curves.items():
            strategy, dataset, model = name.split("/")
            for iteration, value in points.items():
                rows.append(
                    {
                        "strategy": strategy,
                        "dataset": dataset,
                        "model": model,
                        "run": run,
                        "split": split,
                        "iteration": iteration,
                        "mIoU": value,
                        "pixel_acc": np.nan,
                        "source": f"{run}.csv:{len(rows) + 2}",
                    }
                )
        return frame(rows)

    return build


@pytest.fixture(scope="session")
def published() -> pd.DataFrame:
    """The published rows; of rows that differ by rounding the last."""
    raw = pd.read_csv(REPORTS / "published" / "extended_training_results.csv")
    raw["source"] = [f"extended_training_results.csv:{line}" for line in range(2, len(raw) + 2)]
    rows = canonical(raw)[0].drop_duplicates(
        ["strategy", "dataset", "model", "iteration"], keep="last"
    )
    return frame(rows.assign(run="published", split="test").to_dict("records"))


@pytest.fixture(scope="session")
def plain(published) -> dict[tuple[str, str, str], dict[int, float]]:
    """The same as plain Python: {(strategy, dataset, model): {iteration: mIoU}}."""
    found: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in published.to_dict("records"):
        key = (row["strategy"], row["dataset"], row["model"])
        found.setdefault(key, {})[row["iteration"]] = row["mIoU"]
    return found


@pytest.fixture(scope="session")
def report() -> Report:
    return load_report(REPORTS / "extended_training")
