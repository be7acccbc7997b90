"""Made-up scores of made-up cells."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import pytest

from trainstudy.analysis.multitask.scores import frame
from trainstudy.tasks import TASKS

STEP = 10  # iterations between two evaluations
Evaluations = Sequence[Sequence[float]]  # in a stage: seg, det, cls of each, the last its boundary


@pytest.fixture(scope="session")
def make() -> Callable[..., pd.DataFrame]:
    """make({cell: [seed][stage][evaluation] (seg, det, cls)}, split=) -> scores.

    What a stage trains is read from the cell's name.
    """

    def build(
        cells: Mapping[str, Sequence[Sequence[Evaluations]]], split: str = "test"
    ) -> pd.DataFrame:
        rows = []
        for cell, seeds in cells.items():
            way = cell.split(" ")[0].removeprefix("single:")
            trained = ["+".join(TASKS)] if way == "joint" else way.split(",")
            for seed, stages in enumerate(seeds):
                total = 0
                for stage, evaluations in enumerate(stages):
                    for place, triple in enumerate(evaluations, 1):
                        rows += [
                            {"cell": cell, "seed": seed, "stage": stage,
                             "stage_name": ">".join(trained[: stage + 1]),
                             "trained": trained[stage], "iteration": place * STEP,
                             "total": total + place * STEP, "split": split, "task": task,
                             "score": score, "boundary": place == len(evaluations)}
                            for task, score in zip(TASKS, triple, strict=True)
                        ]  # fmt: skip
                    total += len(evaluations) * STEP
        return frame(rows)

    return build


@pytest.fixture(scope="session")
def ends() -> Callable[..., list[list[list[float]]]]:
    """ends([seg, det, cls], ...) -> stages with one evaluation each, its end."""
    return lambda *triples: [[list(triple)] for triple in triples]
