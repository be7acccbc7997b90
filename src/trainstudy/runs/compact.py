"""A study's records made small enough to commit: what the tables need, without the weights."""

import json
import shutil
from pathlib import Path

from trainstudy.files import read_json, write_json
from trainstudy.runs.record import CONFUSIONS, METRICS, RUN, STUDY, TESTS

EVERY = 50  # iterations between the training losses that are kept


def compact(study: Path, target: Path, every: int = EVERY) -> None:
    """Copy ``study.json`` and the records of its runs into the folder ``target``.

    Kept are every validation, exposure and test score, each ``every``-th training loss, and the
    confusion matrices at the budgets; not the checkpoints, whose sums stay in ``run.json``.
    Raises ValueError where a run has not reached its leg's end.
    """
    content = read_json(study)
    target.mkdir(parents=True, exist_ok=True)
    for leg in content["legs"]:
        source, copy = study.parent / leg["run"], target / leg["run"]
        if read_json(source / RUN)["iteration"] < leg["until"]:
            raise ValueError(f"{source}: leg {leg['name']} has not been trained to its end")
        (copy / CONFUSIONS).mkdir(parents=True, exist_ok=True)
        for name in (RUN, TESTS):
            if (source / name).exists():
                shutil.copyfile(source / name, copy / name)
        _thin(source / METRICS, copy / METRICS, every)
        for budget in leg["budgets"]:
            for name in (f"iter_{budget}.npz", f"test_iter_{budget}.npz"):
                if (source / CONFUSIONS / name).exists():
                    shutil.copyfile(source / CONFUSIONS / name, copy / CONFUSIONS / name)
    write_json(target / STUDY, content)


def _thin(source: Path, target: Path, every: int) -> None:
    with source.open() as lines, target.open("w") as kept:
        for line in lines:
            row = json.loads(line)
            if row["kind"] != "train" or row["iteration"] % every == 0:
                kept.write(line)
