"""One training of a translator from parameters to a record on disk."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from trainstudy.files import write_json
from trainstudy.generation import domains
from trainstudy.generation._translator import Translator
from trainstudy.generation.cyclegan import CycleGAN
from trainstudy.generation.domains import Domains
from trainstudy.generation.parameters import TrainTranslator
from trainstudy.generation.task import TranslationTask
from trainstudy.generation.tsit import TSIT
from trainstudy.parameters import ParameterError
from trainstudy.runs import provenance
from trainstudy.runs.identity import digest, refuse_other_schedule
from trainstudy.runs.record import METRICS, RUN, exclusive, read_record
from trainstudy.segmentation.run import describe, device_of
from trainstudy.training import schedules
from trainstudy.training.energy import EnergyMeter
from trainstudy.training.finished import is_intact
from trainstudy.training.loop import Plan, train
from trainstudy.training.randomness import seed_torch

METHODS: dict[str, type[CycleGAN] | type[TSIT]] = {"cyclegan": CycleGAN, "tsit": TSIT}


@dataclass(frozen=True)
class Prepared:
    """Everything a training needs, loaded and identified, before the first iteration."""

    parameters: TrainTranslator
    domains: Domains

    @property
    def rate(self) -> float:
        return self.parameters.learning_rate or METHODS[self.parameters.method].learning_rate

    @property
    def inputs(self) -> dict[str, Any]:
        """The effective inputs: what the numbers of a run are a function of."""
        effective = {
            **self.parameters.effective(),
            "learning_rate": self.rate,
            "weights": METHODS[self.parameters.method].weights,
            **{role: part.fingerprint for role, part in self.domains.parts.items()},
        }
        # through JSON, so that what is compared is what a record gives back
        return dict(json.loads(json.dumps(effective)))

    @property
    def folder(self) -> Path:
        """``runs_root/METHOD-DATASET-to_TARGET-SCHEDULE-sSEED-HASH``."""
        given = self.parameters
        schedule = given.schedule.partition(":")[0]
        return given.runs / (
            f"{given.method}-{given.dataset}-to_{given.target}-{schedule}"
            f"-s{given.seed}-{digest(self.inputs)[:8]}"
        )


def prepare(parameters: TrainTranslator) -> Prepared:
    """Load the images. Raises ValueError, before that, for a GPU that is not there or a crop that
    the network cannot take."""
    device_of(parameters.device)
    network = _network(parameters)
    for length in parameters.crop:
        if length % network.multiple or length < network.least:
            raise ParameterError(
                f"parameter 'crop': {parameters.crop}, accepted for this method and depth are "
                f"multiples of {network.multiple} from {network.least}"
            )
    return Prepared(
        parameters, domains.load(parameters.dataset, parameters.target, parameters.data_root)
    )


def train_prepared(prepared: Prepared, *, quiet: bool = False) -> Path:
    """Train or resume one run up to its parameters' ``until`` and return its folder.

    Raises what :func:`trainstudy.segmentation.run.train_prepared` raises, for the same reasons.
    """
    parameters, folder = prepared.parameters, prepared.folder
    if (folder / RUN).exists() and not parameters.resume:
        raise FileExistsError(
            f"parameter 'resume': {folder} exists already; resume = True continues it, another "
            "runs_root starts anew"
        )
    if parameters.resume and not (folder / RUN).exists():
        refuse_other_schedule(folder.parent, prepared.inputs, folder)
    with exclusive(folder):
        _train(prepared, quiet=quiet)
    return folder


def _train(prepared: Prepared, *, quiet: bool) -> None:
    parameters, folder = prepared.parameters, prepared.folder
    record = read_record(folder) or _new_record(prepared)
    if record["iteration"] >= parameters.until and is_intact(folder, record["iteration"]):
        return
    device = device_of(parameters.device)
    entry: dict[str, Any] = {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": describe(device),
        **provenance.commit(),
        "versions": provenance.versions(),
    }
    record["until"] = parameters.until
    record["starts"].append(entry)
    write_json(folder / RUN, record)  # before the first iteration: a killed start leaves its trace
    meter, clock = EnergyMeter(device), time.perf_counter()
    plan = Plan(
        schedules.parse(parameters.schedule), parameters.seed, parameters.until, parameters.interval
    )
    start, sums = train(build_task(prepared), folder, plan, quiet=quiet)
    reached = max(start, parameters.until)  # a start that was killed may have got further
    entry |= {
        "from": start,
        "to": reached,
        "seconds": round(time.perf_counter() - clock, 3),
        "joules": meter.joules(),
        "peak_bytes": torch.cuda.max_memory_allocated(device) if device != "cpu" else None,
    }
    record |= {"iteration": reached, "checkpoint": {"iteration": reached, "sha256": sums}}
    write_json(folder / RUN, record)


def _new_record(prepared: Prepared) -> dict[str, Any]:
    given, inputs = prepared.parameters, prepared.inputs
    return {
        "spec": {
            "method": given.method,
            "dataset": given.dataset,
            "target": given.target,
            "schedule": given.schedule,
            "seed": given.seed,
        },
        "identity": digest(inputs),
        "inputs": inputs,
        "data": {
            role: {"name": part.name, "images": len(part), "sha256": part.fingerprint}
            for role, part in prepared.domains.parts.items()
        },
        "metrics": METRICS,
        "iteration": 0,
        "starts": [],
    }


def build_task(prepared: Prepared) -> TranslationTask:
    """The task of a prepared run on its device, its weights drawn from the run's seed."""
    given = prepared.parameters
    device = device_of(given.device)
    if device == "cpu":
        # small steps are slower and erratic on several threads, and sums depend on their number
        torch.set_num_threads(1)
    else:
        torch.backends.cudnn.benchmark = True  # crops keep one size, so it pays to try
    return TranslationTask(
        _network(given).to(device),
        prepared.rate,
        prepared.domains,
        seed=given.seed,
        batch_size=given.batch_size,
        crop=(given.crop[0], given.crop[1]),
        precision=getattr(torch, given.precision),
    )


def _network(given: TrainTranslator) -> Translator:
    seed_torch(given.seed, "weights")
    return METHODS[given.method](given.width, given.depth)
