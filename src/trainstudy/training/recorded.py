"""A training that keeps its record: alone in its folder, resumed or refused, and measured.

All studies train through this; what is a study's own it says in a :class:`Run`.
"""

import json
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import torch

from trainstudy.files import write_json
from trainstudy.runs import provenance
from trainstudy.runs.identity import digest, refuse_other_schedule
from trainstudy.runs.record import METRICS, RUN, exclusive, read_record
from trainstudy.training import schedules
from trainstudy.training.checkpoint import Checkpoint
from trainstudy.training.device import describe, device_of
from trainstudy.training.energy import EnergyMeter
from trainstudy.training.finished import is_intact
from trainstudy.training.loop import Plan, iterate
from trainstudy.training.task import Task


class Given(Protocol):
    """The parameters of any training; run folders are made in ``runs``."""

    schedule: str
    seed: int
    until: int
    interval: int
    resume: bool
    device: str

    @property
    def runs(self) -> Path: ...


class Part(Protocol):
    """A set of images, as far as a record tells of it."""

    @property
    def name(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def fingerprint(self) -> str: ...
    def __len__(self) -> int: ...


class Run(ABC):
    """A training that is prepared: what it needs is loaded and identified, before any iteration."""

    parameters: Given
    beside: int = 1
    """How many trainings share the machine, this one included: what times and energy are of."""

    @property
    @abstractmethod
    def title(self) -> str:
        """How the name of its folder begins: what is trained on what."""

    @abstractmethod
    def effective(self) -> dict[str, Any]:
        """The effective inputs: what the numbers of the run are a function of.

        ``schedule`` and ``seed`` are among them.
        """

    @abstractmethod
    def described(self) -> dict[str, Any]:
        """What its record says of it: ``spec`` and ``data`` (see :func:`contents`), at least."""

    @abstractmethod
    def build(self, device: str) -> Task:
        """The task, its weights drawn from the seed."""

    def origin_for(self, task: Task) -> tuple[Checkpoint, dict[str, Any]] | None:
        """The checkpoint of another run to start from and what the record says of it, if any.

        Its iteration is where this run starts; without an optimizer's tensors it is weights alone.
        """
        return None

    def compiles(self, device: str) -> bool:
        """Whether the step is compiled on ``device``."""
        return False

    @property
    def gpus(self) -> int:
        """How many GPUs, or processes on the CPU, share every batch."""
        return 1

    @property
    def plan(self) -> Plan:
        given = self.parameters
        return Plan(schedules.parse(given.schedule), given.seed, given.until, given.interval)

    @property
    def inputs(self) -> dict[str, Any]:
        """:meth:`effective`, through JSON, so that it compares with what a record gives back."""
        return dict(json.loads(json.dumps(self.effective(), default=list)))

    @property
    def replicate_of(self) -> str:
        """The hash of the inputs without the seed: what shares it are replicates, whatever they
        are called."""
        return digest({**self.inputs, "seed": None})

    @property
    def folder(self) -> Path:
        """``runs/TITLE-SCHEDULE-sSEED-HASH``."""
        given, schedule = self.parameters, self.parameters.schedule.partition(":")[0]
        name = f"{self.title}-{schedule}-s{given.seed}-{digest(self.inputs)[:8]}"
        return given.runs / name


def iterate_run(
    run: Run, *, planned: bool = False, quiet: bool = False
) -> Generator[int, None, Path]:
    """Train or resume one run up to its parameters' ``until``, one iteration at a time.

    Returns its folder; see ``training.turns``. What is done already is left as it is. Raises as
    :func:`claimed` does.
    """
    with claimed(run, planned=planned) as unfinished:
        if unfinished:
            yield from iterate_recorded(run, planned=planned, quiet=quiet)
    return run.folder


def refuse_file(runs: Path) -> None:
    """Raise ValueError where run folders cannot be made in ``runs``: it, or a part of it, is a
    file."""
    there = next((path for path in (runs, *runs.parents) if path.exists()), None)
    if there is not None and not there.is_dir():
        raise ValueError(f"parameter 'runs_root': {there} is a file, not a folder")


@contextmanager
def claimed(run: Run, *, planned: bool = False) -> Iterator[bool]:
    """Hold the folder of a run that may be trained; gives whether anything is left to train.

    With ``resume`` a run that does not exist yet may be started. One that is ``planned`` beside
    others may differ from them in its schedule alone. Raises FileExistsError for an existing run
    without ``resume``, ScheduleMismatchError for one with another schedule, RunInUseError where
    another process trains it, ValueError where no folder can be made for it.
    """
    given, folder = run.parameters, run.folder
    refuse_file(given.runs)
    if (folder / RUN).exists():
        if not given.resume:
            raise FileExistsError(
                f"parameter 'resume': {folder} exists already; resume = True continues it, another "
                "runs_root starts anew"
            )
    elif given.resume and not planned:
        refuse_other_schedule(folder.parent, run.inputs, folder)
    with exclusive(folder):
        reached = (read_record(folder) or {"iteration": 0})["iteration"]
        yield reached < given.until or not is_intact(folder, reached)


def iterate_recorded(
    run: Run, *, planned: bool = False, quiet: bool = False
) -> Generator[int, None, None]:
    """Train in this process, which has the folder to itself, and keep the record."""
    folder, plan, device = run.folder, run.plan, device_of(run.parameters.device)
    known = read_record(folder)
    record = known or _new_record(run)
    # what was to be kept for good is, whether or not a longer start names it again
    if budgets := plan.budgets.union(record.get("budgets", ())):
        plan, record["budgets"] = replace(plan, budgets=budgets), sorted(budgets)
    entry = _start(run, device)
    record["until"] = plan.until
    record["starts"].append(entry)
    write_json(folder / RUN, record)  # before the first iteration: a killed start leaves its trace
    used = [f"cuda:{number}" for number in range(run.gpus)] if device == "cuda" else [device]
    alone = device != "cpu" and run.beside == 1
    if alone:  # what else this process trained before is not this run's
        torch.cuda.reset_peak_memory_stats(device)
    meter, clock = EnergyMeter(*used), time.perf_counter()
    if not planned:
        _warn_of_floor(plan)
    try:
        task = run.build(device)
        found = run.origin_for(task)
    except Exception:
        if known is None:  # it was refused, and is no run
            (folder / RUN).unlink()
        raise
    origin = None
    if found:
        origin, record["origin"] = found
        write_json(folder / RUN, record)
    start, sums = yield from iterate(task, folder, plan, origin=origin, quiet=quiet)
    reached = max(start, plan.until)  # a start that was killed may have got further
    entry |= {
        "from": start,
        "to": reached,
        "seconds": round(time.perf_counter() - clock, 3),
        "joules": meter.joules(),
        "threads": torch.get_num_threads(),
        "peak_bytes": torch.cuda.max_memory_allocated(device) if alone else None,
    }
    record |= {"iteration": reached, "checkpoint": {"iteration": reached, "sha256": sums}}
    write_json(folder / RUN, record)


def _start(run: Run, device: str) -> dict[str, Any]:
    """What is known when a training starts; what it did is filled in when it ends."""
    return {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": describe(device),
        "gpus": run.gpus,
        "beside": run.beside,
        "interval": run.parameters.interval,
        "compiled": run.compiles(device),
        **provenance.commit(),
        "versions": provenance.versions(),
        **dict.fromkeys(("from", "to", "seconds", "joules", "threads", "peak_bytes")),
    }


def _new_record(run: Run) -> dict[str, Any]:
    inputs = run.inputs
    return {
        **run.described(),
        "identity": digest(inputs),
        "replicate_of": run.replicate_of,
        "inputs": inputs,
        "metrics": METRICS,
        "iteration": 0,
        "starts": [],
    }


def contents(parts: Mapping[str, Part | None]) -> dict[str, Any]:
    """What a record says of a run's sets, by their roles; of those that are None nothing."""
    return {
        role: {
            "name": part.name,
            "images": len(part),
            "sha256": part.fingerprint,
            "classes": list(part.classes),
        }
        for role, part in parts.items()
        if part is not None
    }


def _warn_of_floor(plan: Plan) -> None:
    floor = plan.schedule.floor_from()
    if floor is not None and plan.until > floor:
        warnings.warn(
            f"schedule {plan.schedule}: iterations {floor} to {plan.until} train at its floor",
            stacklevel=3,
        )
