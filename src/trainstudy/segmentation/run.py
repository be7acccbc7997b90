"""One segmentation training from parameters to a record on disk."""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from trainstudy import data, strategies
from trainstudy.data import SegmentationData, SegmentationSet
from trainstudy.data.generated import Report
from trainstudy.files import read_json
from trainstudy.runs.identity import digest
from trainstudy.runs.record import CHECKPOINTS, RUN
from trainstudy.segmentation import crops, gpu_layers, models, shapes
from trainstudy.segmentation.models import ModelConfig
from trainstudy.segmentation.origin import Origin
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.strategies import Strategy
from trainstudy.strategies._manifest import FromManifest
from trainstudy.training import schedules
from trainstudy.training.checkpoint import Checkpoint, newest_first, sha256
from trainstudy.training.device import device_of, settle
from trainstudy.training.loop import Plan
from trainstudy.training.recorded import Run, claimed, contents, iterate_run, refuse_file
from trainstudy.training.task import Task
from trainstudy.training.turns import exhaust


@dataclass(frozen=True)
class Prepared(Run):
    """Everything a training needs, loaded and identified, before the first iteration.

    ``manifest`` is what a record says of the manifest that the generated images were read from.
    """

    parameters: TrainSegmentation
    config: ModelConfig
    sets: SegmentationData
    generated: SegmentationSet | None
    strategy: Strategy
    crop: tuple[int, int]
    origin: Origin | None
    manifest: dict[str, Any] | None = None
    beside: int = 1

    @property
    def title(self) -> str:
        given = self.parameters
        return f"{given.strategy}-{Path(given.dataset).stem}-{given.model}"

    def effective(self) -> dict[str, Any]:
        return {
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

    def described(self) -> dict[str, Any]:
        names = ("strategy", "dataset", "model", "schedule", "seed")
        sets = {"train": self.sets.train, "generated": self.generated, "val": self.sets.val}
        return {
            "spec": {name: getattr(self.parameters, name) for name in names},
            "data": contents(sets),
            "domains": self.domains,
            "config": self.config.name,
            "manifest": self.manifest,
        }

    @property
    def domains(self) -> str:
        """The hash of what domain each validation image is of: what scores by domain rest on."""
        return digest({"val": list(self.sets.val.domains)})

    def build(self, device: str) -> SegmentationTask:
        given = self.parameters
        settle(device)
        module = models.build(self.config, given.seed).to(device)
        if device != "cpu":
            module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            gpu_layers.install(module)
        return SegmentationTask(
            module,
            models.build_optimizer(self.config, module, given.learning_rate),
            self.sets.train,
            self.sets.val,
            self.strategy,
            self.generated,
            seed=given.seed,
            batch_size=given.batch_size,
            crop=self.crop,
            precision=getattr(torch, given.precision),
            clip=self.config.optimizer.get("clip_grad"),
            compiled=given.compiles(device),
        )

    def origin_for(self, task: Task) -> tuple[Checkpoint, dict[str, Any]] | None:
        if self.origin is None:
            return None
        if not self.origin.path.exists() and any(newest_first(self.folder / CHECKPOINTS)):
            return None  # it goes on from its own
        found = self.origin.load(self.config, task.module)
        return found, self.origin.described(found)

    def compiles(self, device: str) -> bool:
        return self.parameters.compiles(device)

    @property
    def gpus(self) -> int:
        return self.parameters.gpus

    @property
    def plan(self) -> Plan:
        return replace(super().plan, budgets=frozenset(self.parameters.budgets))


def prepare(parameters: TrainSegmentation) -> Prepared:
    """Load the data, generate the strategy's images, resolve the model.

    Raises ValueError naming the parameter, before any of it, for a GPU that is not there and as
    :func:`refuse_before_work` does; before images are generated, for a crop or a batch that the
    model cannot be trained on.
    """
    device = device_of(parameters.device)
    if device == "cuda" and parameters.gpus > (found := torch.cuda.device_count()):
        raise ValueError(f"parameter 'gpus': {parameters.gpus} asked for, but torch sees {found}")
    refuse_before_work(parameters)
    origin = _origin(parameters)
    strategy = strategies.get(parameters.strategy)
    sets = data.load(parameters.dataset, parameters.data_root)
    height, width = parameters.crop or sets.crop
    config = models.configure(parameters.model, len(sets.train.classes))
    shapes.refuse_impossible(config, parameters.batch_size, (height, width))
    seed, manifest = parameters.seed, parameters.manifest_path
    read = strategy.read(sets.train, manifest) if isinstance(strategy, FromManifest) else None
    return Prepared(
        parameters=parameters,
        config=config,
        sets=sets,
        generated=read.images if read else strategy.generate(sets.train, seed, manifest),
        strategy=strategy,
        crop=(height, width),
        origin=origin,
        manifest=_told(read.report) if read else None,
    )


def refuse_before_work(parameters: TrainSegmentation) -> None:
    """Raise ValueError for a ``runs_root`` that is a file, and for a schedule's floor above the
    base rate, where the model's configuration or ``learning_rate`` tells that."""
    refuse_file(parameters.runs)
    rate = parameters.learning_rate or models.base_rate(parameters.model)
    if rate is not None:
        schedules.refuse_floor_above(schedules.parse(parameters.schedule), rate)


def _origin(parameters: TrainSegmentation) -> Origin | None:
    """What ``branch_from`` names; refused where it leaves nothing to train."""
    if parameters.branch_from is None:
        return None
    origin, until = Origin.find(parameters.branch_from, parameters.runs), parameters.until
    if until <= origin.iteration:
        raise ValueError(
            f"parameter 'until': {until} is not beyond iteration {origin.iteration} of branch_from"
        )
    return origin


def _told(report: Report) -> dict[str, Any]:
    """What a record says of a manifest: which file it was, and what became of its rows."""
    return {
        "path": str(report.manifest),
        "sha256": sha256(report.manifest),
        "used": report.used,
        "left_out": report.counts,
        "originals": report.originals,
        "training": report.training,
        "other_datasets": dict(report.others),
        "namesakes": report.namesakes,
    }


def train_segmentation(parameters: TrainSegmentation, *, quiet: bool = False) -> Path:
    """Prepare and train or resume one run; see :func:`train_prepared`."""
    return train_prepared(prepare(parameters), quiet=quiet)


def train_prepared(prepared: Prepared, *, quiet: bool = False) -> Path:
    """Train or resume one run up to its parameters' ``until`` and return its folder.

    Raises as :func:`trainstudy.training.recorded.claimed` does.
    """
    return exhaust(iterate_prepared(prepared, quiet=quiet))


def iterate_prepared(
    prepared: Prepared, *, planned: bool = False, quiet: bool = False
) -> Generator[int, None, Path]:
    """:func:`train_prepared`, one iteration at a time where one process trains; see
    :func:`trainstudy.training.recorded.iterate_run`."""
    _refuse_other_domains(prepared)
    if prepared.gpus == 1:
        return (yield from iterate_run(prepared, planned=planned, quiet=quiet))
    with claimed(prepared, planned=planned) as unfinished:
        pass  # the first of the processes will hold it
    if unfinished:
        from trainstudy.segmentation.worker import train_together  # which imports this module

        train_together(prepared, quiet=quiet)
    return prepared.folder


def _refuse_other_domains(prepared: Prepared) -> None:
    """Raise ValueError where the run exists and its scores are by other domains of the images."""
    told = None
    with suppress(ValueError):  # none yet, or a damaged one, which is set aside later
        told = read_json(prepared.folder / RUN).get("domains")
    if told not in (None, prepared.domains):
        raise ValueError(
            f"parameter 'dataset': {prepared.folder} has its scores by other domains of the same "
            "validation images; another runs_root trains it anew"
        )


def build_task(prepared: Prepared, device: str) -> SegmentationTask:
    """The task of a prepared run on a device, its weights drawn from the run's seed."""
    return prepared.build(device)
