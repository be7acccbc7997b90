"""Seconds of a whole study of three ways with one seed: each task alone, all together, in sequence.

A study trains what several of its trainings begin with once, and on a CPU two at a time; the peer
trains each from its start, one at a time. Validation included, loading of images and start-up too.
On a GPU with the settings of the plan, compiled before either side begins; on two CPU cores with
smaller images and fewer epochs. How long joint training takes by itself, and with which energy if
the device tells, stands beside the three single ones; ``--joint`` measures these alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._common import Arguments, device_name, fresh, now
from benchmarks._results import compare, save
from trainstudy.files import read_json
from trainstudy.multitask.plan import read_plan
from trainstudy.multitask.run import train_multitask
from trainstudy.multitask.study import train_study
from trainstudy.paths import project_root
from trainstudy.runs.record import RUN

PLAN = Path("reports/training_strategy/plan.yml")
SINGLE, JOINT, SEQUENCE = ("single:seg", "single:det", "single:cls"), "joint", "seg,det,cls"
CELLS = (*SINGLE, JOINT, SEQUENCE)
SMALL = {"size": 96, "epochs": 10, "precision": "float32"}
TINY = {"size": 32, "epochs": 0.2, "interval": 0.1, "batch_size": 4, "data_root": "synthetic"}


@dataclass(frozen=True)
class Measured:
    """Seconds of the ``whole`` study, None where it was not asked for, and of its trainings one by
    one (``apart``), both from their start; by cell those without start-up, and joules; the seconds
    of compiling, 0 on a CPU."""

    whole: float | None
    apart: float
    seconds: dict[str, float]
    joules: dict[str, float | None]
    compiling: float
    device: str


def measure(
    changes: Mapping[str, Any], processes: int, device: str, joint: bool = False
) -> Measured:
    """Train the study, and then each of its cells from its start; or ``joint`` and single ones."""
    plan = read_plan(project_root() / PLAN)
    plan = plan.model_copy(update={"common": {**plan.common, **changes}, "test": False})
    with (
        TemporaryDirectory() as first,
        TemporaryDirectory() as ours,
        TemporaryDirectory() as theirs,
    ):
        start, compiling = now(device), 0.0
        if plan.chain(plan.cells[0], 0).compiles(device):
            short = plan.chain(plan.cells[0], 0, epochs=1, runs_root=first, device=device)
            train_multitask(short, quiet=True)
            compiling = now(device) - start
        whole, cells = None, (*SINGLE, JOINT)
        if not joint:
            start, cells = now(device), CELLS
            where = {"runs_root": ours, "device": device}
            train_study(plan, cells=cells, seeds=[0], processes=processes, quiet=True, **where)
            whole = now(device) - start
        start = now(device)
        seconds: dict[str, float] = {}
        joules: dict[str, float | None] = {}
        for cell in (cell for cell in plan.cells if cell.name in cells):
            root = str(Path(theirs) / cell.name)
            given = plan.chain(cell, 0, runs_root=root, device=device)
            runs = train_multitask(given, quiet=True)
            starts = [read_json(run / RUN)["starts"][-1] for run in runs]
            seconds[cell.name] = sum(begun["seconds"] for begun in starts)
            spent = [begun["joules"] for begun in starts]
            joules[cell.name] = None if None in spent else sum(spent)
        apart = now(device) - start
        return Measured(whole, apart, seconds, joules, compiling, device_name(device))


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("multitask_study", __doc__, ["efficientnet_lite0"])
    arguments.add_argument("--joint", action="store_true", help="without the study of three ways")
    given = arguments.read(words)
    changes = TINY if given.quick else SMALL if given.device == "cpu" else {}
    processes = 2 if given.device == "cpu" and not given.quick else 1
    for model in given.models:
        used = {**changes, "backbone": model}
        found = fresh(measure, used, processes, given.device, given.joint, device=given.device)
        row = partial(
            compare, device=found.device, command=given.command, cost=True, changed=used,
            **({"compile_seconds": found.compiling} if found.compiling else {}),
        )  # fmt: skip
        rows = []
        if found.whole is not None:
            rows += [row(
                f"{model}, 3 ways, 1 seed, {given.device}", "each training from its start", "s",
                found.whole, found.apart, processes=processes,
                theirs_each=found.seconds, theirs_each_joules=found.joules,
            )]  # fmt: skip
        singles = sum(found.seconds[cell] for cell in SINGLE)
        name = f"{model}, joint, 1 seed, {given.device}"
        rows += [row(name, "three single trainings", "s", found.seconds[JOINT], singles)]
        ours, *theirs = (found.joules[cell] for cell in (JOINT, *SINGLE))
        if ours is not None and None not in theirs:
            name = f"{model}, joint, 1 seed, energy, {given.device}"
            rows += [row(name, "three single trainings", "J", ours, sum(theirs))]
        save(given.path, rows)


if __name__ == "__main__":
    main()
