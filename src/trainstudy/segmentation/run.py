"""One segmentation training from parameters to a record on disk."""

import json
import time
import warnings
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from trainstudy import data, strategies
from trainstudy.data import SegmentationData, SegmentationSet
from trainstudy.files import write_json
from trainstudy.runs import provenance
from trainstudy.runs.identity import digest, refuse_other_schedule
from trainstudy.runs.record import METRICS, RUN, exclusive, read_record
from trainstudy.segmentation import crops, gpu_layers, models
from trainstudy.segmentation.models import ModelConfig
from trainstudy.segmentation.origin import Origin
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.strategies import Strategy
from trainstudy.training import schedules
from trainstudy.training.energy import EnergyMeter
from trainstudy.training.finished import is_intact
from trainstudy.training.loop import Plan, iterate
from trainstudy.training.turns import exhaust


@dataclass(frozen=True)
class Prepared:
    """Everything a training needs, loaded and identified, before the first iteration."""

    parameters: TrainSegmentation
    config: ModelConfig
    sets: SegmentationData
    generated: SegmentationSet | None
    strategy: Strategy
    crop: tuple[int, int]
    origin: Origin | None

    @property
    def inputs(self) -> dict[str, Any]:
        """The effective inputs: what the numbers of a run are a function of."""
        effective: dict[str, Any] = {
            **self.parameters.effective(),
            "strategy": self.strategy.effective(),
            "schedule": self.parameters.schedule,
            "model": self.config.model,
            "optimizer": self.config.optimizer,
            "crop": self.crop,
            "scales": crops.SCALES,
            "train": self.sets.train.fingerprint,
            "generated": self.generated.fingerprint if self.generated else None,
            "val": self.sets.val.fingerprint,
            "origin": self.origin.effective() if self.origin else None,
        }
        # through JSON, so that what is compared is what a record gives back
        return dict(json.loads(json.dumps(effective, default=list)))

    @property
    def folder(self) -> Path:
        """``runs_root/STRATEGY-DATASET-MODEL-SCHEDULE-sSEED-HASH``."""
        given = self.parameters
        schedule = given.schedule.partition(":")[0]
        name = (
            f"{given.strategy}-{Path(given.dataset).stem}-{given.model}-{schedule}"
            f"-s{given.seed}-{digest(self.inputs)[:8]}"
        )
        return given.runs / name


def prepare(parameters: TrainSegmentation) -> Prepared:
    """Load the data, generate the strategy's images, resolve the model.

    Raises ValueError, before any of it, for a GPU that is not there.
    """
    device = device_of(parameters.device)
    if device == "cuda" and parameters.gpus > (found := torch.cuda.device_count()):
        raise ValueError(f"parameter 'gpus': {parameters.gpus} asked for, but torch sees {found}")
    strategy = strategies.get(parameters.strategy)
    sets = data.load(parameters.dataset, parameters.data_root)
    height, width = parameters.crop or sets.crop
    return Prepared(
        parameters=parameters,
        config=models.configure(parameters.model, len(sets.train.classes)),
        sets=sets,
        generated=strategy.generate(sets.train, parameters.seed, parameters.manifest_path),
        strategy=strategy,
        crop=(height, width),
        origin=Origin.find(parameters.branch_from) if parameters.branch_from else None,
    )


def train_segmentation(parameters: TrainSegmentation, *, quiet: bool = False) -> Path:
    """Prepare and train or resume one run; see :func:`train_prepared`."""
    return train_prepared(prepare(parameters), quiet=quiet)


def train_prepared(prepared: Prepared, *, quiet: bool = False) -> Path:
    """Train or resume one run up to its parameters' ``until`` and return its folder.

    With ``resume`` a run that has reached ``until`` already is left as it is, and one that does
    not exist yet is started. Raises FileExistsError for an existing run without ``resume``,
    ScheduleMismatchError for one with another schedule, RunInUseError where another process
    trains it.
    """
    return exhaust(iterate_prepared(prepared, quiet=quiet))


def iterate_prepared(
    prepared: Prepared, *, planned: bool = False, quiet: bool = False
) -> Generator[int, None, Path]:
    """:func:`train_prepared`, one iteration at a time; see ``training.turns.take_turns``.

    A run that is ``planned`` beside others may differ from them in its schedule alone.
    """
    parameters, folder = prepared.parameters, prepared.folder
    if (folder / RUN).exists() and not parameters.resume:
        raise FileExistsError(
            f"parameter 'resume': {folder} exists already; resume = True continues it, another "
            "runs_root starts anew"
        )
    if parameters.resume and not planned and not (folder / RUN).exists():
        refuse_other_schedule(folder.parent, prepared.inputs, folder)
    with exclusive(folder):
        reached = (read_record(folder) or {"iteration": 0})["iteration"]
        if reached >= parameters.until and is_intact(folder, reached):
            return folder
        if parameters.gpus == 1:
            yield from iterate_recorded(prepared, planned=planned, quiet=quiet)
            return folder
    from trainstudy.segmentation.worker import train_together  # which imports this module

    train_together(prepared, quiet=quiet)
    return folder


def iterate_recorded(
    prepared: Prepared, *, planned: bool = False, quiet: bool
) -> Generator[int, None, None]:
    """Train in this process, which has the folder to itself, and keep the record."""
    parameters, folder = prepared.parameters, prepared.folder
    record = read_record(folder) or _new_record(prepared)
    device = device_of(parameters.device)
    entry = _start(device, parameters)
    record["until"] = parameters.until
    record["starts"].append(entry)
    write_json(folder / RUN, record)  # before the first iteration: a killed start leaves its trace
    used = [f"cuda:{number}" for number in range(parameters.gpus)] if device == "cuda" else [device]
    meters, clock = [EnergyMeter(name) for name in used], time.perf_counter()
    plan = plan_of(parameters)
    if not planned:
        _warn_of_floor(plan)
    task = build_task(prepared, device)
    origin = None
    if prepared.origin:
        origin = prepared.origin.load(prepared.config, task.module)
        record["origin"] = prepared.origin.described(origin)
        write_json(folder / RUN, record)
    start, sums = yield from iterate(task, folder, plan, origin=origin, quiet=quiet)
    reached = max(start, parameters.until)  # a start that was killed may have got further
    entry |= {
        "from": start,
        "to": reached,
        "seconds": round(time.perf_counter() - clock, 3),
        "joules": _joules(meters),
        "threads": torch.get_num_threads(),
        "peak_bytes": torch.cuda.max_memory_allocated(device) if device != "cpu" else None,
    }
    record["iteration"] = reached
    record["checkpoint"] = {"iteration": reached, "sha256": sums}
    write_json(folder / RUN, record)


def plan_of(parameters: TrainSegmentation) -> Plan:
    return Plan(
        schedules.parse(parameters.schedule), parameters.seed, parameters.until,
        parameters.interval, frozenset(parameters.budgets),
    )  # fmt: skip


def _start(device: str, parameters: TrainSegmentation) -> dict[str, Any]:
    """What is known when a training starts; what it did is filled in when it ends."""
    return {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": describe(device),
        "gpus": parameters.gpus,
        "interval": parameters.interval,
        "compiled": parameters.compiles(device),
        **provenance.commit(),
        "versions": provenance.versions(),
        **dict.fromkeys(("from", "to", "seconds", "joules", "threads", "peak_bytes")),
    }


def _new_record(prepared: Prepared) -> dict[str, Any]:
    given = prepared.parameters
    inputs = prepared.inputs
    sets = {"train": prepared.sets.train, "generated": prepared.generated, "val": prepared.sets.val}
    return {
        "spec": {
            "strategy": given.strategy,
            "dataset": given.dataset,
            "model": given.model,
            "schedule": given.schedule,
            "seed": given.seed,
        },
        "identity": digest(inputs),
        # without the seed: runs that share it are replicates, whatever they are called
        "replicate_of": digest({**inputs, "seed": None}),
        "inputs": inputs,
        "data": {
            role: {
                "name": part.name,
                "images": len(part),
                "sha256": part.fingerprint,
                "classes": list(part.classes),
            }
            for role, part in sets.items()
            if part is not None
        },
        "config": prepared.config.name,
        "manifest": given.manifest,
        "metrics": METRICS,
        "iteration": 0,
        "until": given.until,
        "starts": [],
    }


def build_task(prepared: Prepared, device: str) -> SegmentationTask:
    """The task of a prepared run on a device, its weights drawn from the run's seed."""
    given = prepared.parameters
    if device == "cpu":
        # small steps are slower and erratic on several threads, and sums depend on their number
        torch.set_num_threads(1)
    module = models.build(prepared.config, given.seed).to(device)
    if device != "cpu":
        torch.backends.cudnn.benchmark = True  # crops keep one size, so it pays to try
        module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        gpu_layers.install(module)
    return SegmentationTask(
        module,
        models.build_optimizer(prepared.config, module, given.learning_rate),
        prepared.sets.train,
        prepared.sets.val,
        prepared.strategy,
        prepared.generated,
        seed=given.seed,
        batch_size=given.batch_size,
        crop=prepared.crop,
        precision=getattr(torch, given.precision),
        clip=prepared.config.optimizer.get("clip_grad"),
        compiled=given.compiles(device),
    )


def device_of(asked: str) -> str:
    """``auto`` resolved. Raises ValueError where a GPU is asked for and there is none."""
    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if asked.startswith("cuda") and not torch.cuda.is_available():
        raise ValueError(f"parameter 'device': {asked!r} asked for, but torch sees no GPU")
    return asked


def describe(device: str) -> str:
    """The name a device gives itself."""
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else "cpu"


def _joules(meters: list[EnergyMeter]) -> float | None:
    spent = [joules for meter in meters if (joules := meter.joules()) is not None]
    return sum(spent) if len(spent) == len(meters) else None


def _warn_of_floor(plan: Plan) -> None:
    floor = plan.schedule.floor_from()
    if floor is not None and plan.until > floor:
        warnings.warn(
            f"schedule {plan.schedule}: iterations {floor} to {plan.until} train at its floor",
            stacklevel=3,
        )
