"""Scores of kept checkpoints on the test set: for final figures alone, never to select by."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from trainstudy import data
from trainstudy.data import NoTestSetError, SegmentationSet
from trainstudy.runs.record import CHECKPOINTS, CONFUSIONS, TESTS, MetricsLog, whole_lines
from trainstudy.segmentation import metrics
from trainstudy.segmentation.run import Prepared, build_task
from trainstudy.training import checkpoint
from trainstudy.training.device import device_of


def evaluate_budgets(prepared: Prepared, folder: Path, budgets: Sequence[int]) -> None:
    """Score a run's checkpoints at ``budgets`` on its data set's test set, those not scored yet.

    Adds a line to ``tests.jsonl`` and the matrices of every image to ``confusions/``. Does nothing
    for a data set without a test set. Raises DataError for one that is not as described,
    DamagedCheckpointError naming a checkpoint that is damaged or was deleted.
    """
    log = folder / TESTS
    whole = whole_lines(log)
    scored = [json.loads(line)["iteration"] for line in whole.splitlines()]
    missing = [budget for budget in budgets if budget not in scored]
    test = _test_set(prepared) if missing else None
    if test is None:
        return
    task = build_task(prepared, device_of(prepared.parameters.device))
    with MetricsLog(log, len(whole)) as lines:
        for budget in missing:
            found = checkpoint.load(folder / CHECKPOINTS / f"iter_{budget}", str(task.device))
            task.module.load_state_dict(found.tensors["model"])
            task.module.eval()
            with torch.inference_mode():
                confusions = task.confusions(test)
            path = folder / CONFUSIONS / f"test_iter_{budget}.npz"
            np.savez_compressed(path, confusions=confusions.astype(np.int32))
            values = metrics.summarise(confusions, test.domains)
            lines.append(budget, "val", split="test", **values)
            lines.commit()


def _test_set(prepared: Prepared) -> SegmentationSet | None:
    try:
        return data.load_test(prepared.parameters.dataset, prepared.parameters.data_root)
    except NoTestSetError:
        return None
