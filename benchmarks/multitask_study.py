"""Seconds of a whole study of three ways with one seed: each task alone, all together, in sequence.

A study trains what several of its trainings begin with once, and on a CPU two at a time; the peer
trains each from its start, one at a time. Validation included, loading of images and start-up too.
On a GPU with the settings of the plan, compiled before either side begins; on two CPU cores with
smaller images and fewer epochs. How long joint training takes by itself stands beside the three
single ones.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._common import Arguments, device_name, fresh, now
from benchmarks._results import compare, save
from trainstudy.files import read_json
from trainstudy.multitask.run import train_multitask
from trainstudy.multitask.study import read_plan, train_study
from trainstudy.paths import project_root
from trainstudy.runs.record import RUN

PLAN = Path("reports/training_strategy/plan.yml")
SINGLE, JOINT, SEQUENCE = ("single:seg", "single:det", "single:cls"), "joint", "seg,det,cls"
CELLS = (*SINGLE, JOINT, SEQUENCE)
SMALL = {"size": 96, "epochs": 10, "precision": "float32"}
TINY = {"size": 32, "epochs": 0.2, "interval": 0.1, "batch_size": 4, "data_root": "synthetic"}


def seconds(
    changes: Mapping[str, Any], processes: int, device: str
) -> tuple[float, float, dict[str, float], float, str]:
    """Those of the study, of its trainings one by one, of each of these by its cell without
    start-up, and of the first iterations, which compile on a GPU; the device's name."""
    plan = read_plan(project_root() / PLAN)
    plan = plan.model_copy(update={"common": {**plan.common, **changes}, "test": False})
    with (
        TemporaryDirectory() as first,
        TemporaryDirectory() as ours,
        TemporaryDirectory() as theirs,
    ):
        start = now(device)
        if plan.chain(plan.cells[0], 0).compiles(device):
            begun = plan.chain(plan.cells[0], 0, epochs=1, runs_root=first, device=device)
            train_multitask(begun, quiet=True)
        compiling = now(device) - start
        start = now(device)
        where = {"runs_root": ours, "device": device}
        train_study(plan, cells=CELLS, seeds=[0], processes=processes, quiet=True, **where)
        whole = now(device) - start
        start, each = now(device), {}
        for cell in (cell for cell in plan.cells if cell.name in CELLS):
            root = str(Path(theirs) / cell.name)
            given = plan.chain(cell, 0, runs_root=root, device=device)
            runs = train_multitask(given, quiet=True)
            each[cell.name] = sum(read_json(run / RUN)["starts"][-1]["seconds"] for run in runs)
        return whole, now(device) - start, each, compiling, device_name(device)


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("multitask_study", __doc__, ["efficientnet_lite0"])
    given = arguments.read(words)
    changes = TINY if given.quick else SMALL if given.device == "cpu" else {}
    processes = 2 if given.device == "cpu" and not given.quick else 1
    for model in given.models:
        used = {**changes, "backbone": model}
        whole, apart, each, compiling, device = fresh(
            seconds, used, processes, given.device, device=given.device
        )
        about = {"device": device, "command": given.command, "cost": True, "changed": used}
        if given.device == "cuda":
            about["compile_seconds"] = compiling
        save(
            given.path,
            [
                compare(
                    f"{model}, 3 ways, 1 seed, {given.device}", "each training from its start",
                    "s", whole, apart, **about, processes=processes, theirs_each=each,
                ),
                compare(
                    f"{model}, joint, 1 seed, {given.device}", "three single trainings", "s",
                    each[JOINT], sum(each[cell] for cell in SINGLE), **about,
                ),
            ],
        )  # fmt: skip


if __name__ == "__main__":
    main()
