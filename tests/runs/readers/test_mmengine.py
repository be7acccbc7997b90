"""Work directories of the installed mmengine, not of our idea of it."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from trainstudy.runs.readers import Reading, read_runs

# (iteration, which validation of its process it was): both are known from how the loops count
EXPECTED = {
    "iterations": [(4, 1), (8, 2), (9, 3), (12, 1), (14, 2)],  # resumed at 9
    "iterations_step_0": [(4, 1), (8, 2), (9, 3)],
    "epochs": [(6, 1), (12, 2), (18, 3), (24, 4)],
    "epochs_step_iteration": [(12, 1), (24, 2)],
}


@pytest.fixture(scope="module", params=["scalars", "copy of the scalars", "text log"])
def reading(
    request: pytest.FixtureRequest, mmengine_runs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Reading:
    root = tmp_path_factory.mktemp("runs") / "runs"
    shutil.copytree(mmengine_runs, root)
    for path in root.glob("*/*/vis_data/*.json"):
        is_copy = path.name != "scalars.json"
        if request.param == "text log" or (request.param != "scalars" and not is_copy):
            path.unlink()
    return read_runs(root)


@pytest.mark.parametrize("run", EXPECTED)
def test_every_validation_is_at_its_iteration(reading: Reading, run: str) -> None:
    rows = reading.curves[reading.curves["run"] == run]
    expected = [(iteration, 30.0 + number, 80.0 + number) for iteration, number in EXPECTED[run]]
    assert list(zip(rows["iteration"], rows["mIoU"], rows["pixel_acc"], strict=True)) == expected


def test_nothing_is_skipped_and_lengths_are_known(reading: Reading) -> None:
    assert reading.skipped["reason"].str.startswith("kept").all()
    runs = reading.runs.set_index("run")
    assert runs.loc["iterations", ["last_iteration", "target", "state"]].tolist() == [
        14, 14, "completed",
    ]  # fmt: skip
    assert runs.loc["epochs", "last_iteration"] == 24
    assert pd.isna(runs.loc["epochs", "target"])
    assert runs.loc["epochs", "state"] == "unknown"


def test_learning_rate_and_loss_are_kept(reading: Reading) -> None:
    train = reading.train[reading.train["run"] == "iterations"]
    assert train["iteration"].tolist() == [2, 4, 6, 8, 10, 12, 14]
    assert (train["lr"] == 0.01).all()
    assert train["loss"].between(0, 10).all()
