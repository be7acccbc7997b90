"""Scores of kept checkpoints on the test set: for final figures alone, never to select by."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from trainstudy import data
from trainstudy.data import DataError, SegmentationSet
from trainstudy.runs.record import CHECKPOINTS, CONFUSIONS, TESTS
from trainstudy.segmentation import metrics
from trainstudy.segmentation.run import Prepared, build_task, device_of
from trainstudy.training import checkpoint


def evaluate_budgets(prepared: Prepared, folder: Path, budgets: Sequence[int]) -> None:
    """Score a run's checkpoints at ``budgets`` on its data set's test set, those not scored yet.

    Adds a line to ``tests.jsonl`` and the matrices of every image to ``confusions/``. Does nothing
    for a data set without a test set.
    """
    test = _test_set(prepared)
    log = folder / TESTS
    scored = [json.loads(line)["iteration"] for line in _lines(log)]
    missing = [budget for budget in budgets if budget not in scored]
    if test is None or not missing:
        return
    task = build_task(prepared, device_of(prepared.parameters.device))
    for budget in missing:
        found = checkpoint.load(folder / CHECKPOINTS / f"iter_{budget}", str(task.device))
        task.module.load_state_dict(found.tensors["model"])
        task.module.eval()
        with torch.inference_mode():
            confusions = task.confusions(test)
        np.savez_compressed(
            folder / CONFUSIONS / f"test_iter_{budget}.npz", confusions=confusions.astype(np.int32)
        )
        values = metrics.summarise(confusions, test.domains)
        line = {"iteration": budget, "kind": "val", "split": "test", **values}
        with log.open("a") as file:
            file.write(json.dumps(line) + "\n")


def _test_set(prepared: Prepared) -> SegmentationSet | None:
    try:
        return data.load_test(prepared.parameters.dataset, prepared.parameters.data_root)
    except (ValueError, DataError):
        return None


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
