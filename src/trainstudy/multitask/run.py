"""The stages of a multi-task training, each a run with its record, one started from the other."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import AdamW, Optimizer

from trainstudy.files import read_json
from trainstudy.multitask import data, remedies, ways, weightings
from trainstudy.multitask.data import Splits
from trainstudy.multitask.data.store import Store
from trainstudy.multitask.network import Network, build, normalise, part_of
from trainstudy.multitask.objective import Objective
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.remedies import Past
from trainstudy.multitask.remedies._remedy import Loss
from trainstudy.multitask.task import Learner, MultitaskTask
from trainstudy.multitask.ways import Stage
from trainstudy.runs import selection
from trainstudy.runs.identity import digest
from trainstudy.runs.record import CHECKPOINTS, RUN
from trainstudy.tasks import MEASURES, TASKS
from trainstudy.training import checkpoint, schedules
from trainstudy.training.device import device_of, settle
from trainstudy.training.loop import Plan
from trainstudy.training.recorded import Run, contents, iterate_run
from trainstudy.training.turns import exhaust

PREFIX = "network."  # of the network's names in a checkpoint
chosen = partial(selection.chosen, measures=tuple(MEASURES.values()))  # of a stage's validations


@dataclass(frozen=True)
class Start:
    """What the shared loop asks of a run's parameters; lengths in iterations."""

    schedule: str
    seed: int
    until: int
    interval: int
    resume: bool
    device: str
    runs: Path


@dataclass(frozen=True)
class Ended:
    """The run of an earlier stage, trained to its end."""

    stage: Stage
    folder: Path
    iteration: int

    @property
    def checkpoint(self) -> Path:
        return self.folder / CHECKPOINTS / f"iter_{self.iteration}"

    def effective(self) -> dict[str, Any]:
        """What a run that starts from it is a function of."""
        record = read_json(self.folder / RUN)
        return {"identity": record["identity"], **record["checkpoint"]}


@dataclass(frozen=True)
class StageRun(Run):
    """One stage; ``earlier`` are those before it, oldest first."""

    given: TrainMultitask
    stage: Stage
    splits: Mapping[str, Splits]
    earlier: tuple[Ended, ...] = ()
    beside: int = 1

    @property
    def epoch(self) -> int:
        """Iterations of one: the largest set's batches, which the others' streams keep up with."""
        longest = max(len(splits.train) for splits in self.splits.values())
        return math.ceil(longest / self.given.batch_size)

    @cached_property
    def parameters(self) -> Start:  # type: ignore[override]
        given, until = self.given, ways.iterations(self.stage, self.epoch)
        if not until:
            raise ValueError(
                f"parameter 'epochs': stage {self.stage.name!r} would have no iteration; an epoch "
                f"has {self.epoch}, and more with a smaller batch_size"
            )
        interval = max(1, round(given.interval * self.epoch))
        schedule = given.spanning(until, f"stage {self.stage.name!r}")
        return Start(schedule, given.seed, until, interval, given.resume, given.device, given.runs)

    @property
    def title(self) -> str:
        return f"{self.stage.name.replace('>', '-')}-{self.given.backbone}"

    @property
    def plan(self) -> Plan:
        start = self.parameters
        # a transition is what looks are for; early stopping counts the regular validations alone
        wanted = self.given.looks if self.stage.parent else []
        looks = frozenset(look for look in wanted if look < start.until)
        return Plan(
            schedules.parse(start.schedule), start.seed, start.until, start.interval,
            budgets=frozenset({start.until}), keep=1, looks=looks, chosen=chosen,
        )  # fmt: skip

    @property
    def remedies(self) -> str:
        """Those that have a past to act on."""
        return self.given.remedies_in(self.stage)

    def effective(self) -> dict[str, Any]:
        used = {*self.stage.tasks, *self.stage.earlier}
        named = ("learning_rates", *(f"{task}_loss" for task in TASKS if task in used))
        own = {name: getattr(self.given, name) for name in named}
        own["learning_rates"] = {
            task: rate for task, rate in own["learning_rates"].items() if task in self.stage.tasks
        }
        return {
            **self.given.effective(),
            **own,
            "schedule": self.parameters.schedule,
            "tasks": self.stage.tasks,
            "phases": [vars(phase) for phase in self.stage.phases],
            "epoch": self.epoch,
            "weighting": self.weighting,
            "remedies": self.remedies,
            "train": {task: self.splits[task].train.fingerprint for task in sorted(used)},
            "val": {task: splits.val.fingerprint for task, splits in self.splits.items()},
            "earlier": [ended.effective() for ended in self.earlier],
            **self._validations(),
        }

    @property
    def weighed(self) -> tuple[str, ...]:
        """The tasks whose losses are weighed: the new ones, and those replayed beside them."""
        earlier = self.stage.earlier
        past = Past(earlier, (), tuple(self.splits[task].train for task in earlier))
        chosen = remedies.parse(self.remedies)
        replayed = {task for r in chosen for task in r.replayed(past, self.given.seed)}
        return (*self.stage.tasks, *(task for task in earlier if task in replayed))

    @property
    def weighting(self) -> str | None:
        """How their losses are; None for one, which has nothing to be weighed against."""
        return self.given.weighting if len(self.weighed) > 1 else None

    def _validations(self) -> dict[str, Any]:
        """When validations come, where the training depends on them."""
        if self.weighting is None or not weightings.get(self.weighting).sees_validations:
            return {}
        return {"validations": [self.parameters.interval, *sorted(self.plan.looks)]}

    @property
    def replicate_of(self) -> str:
        """Whatever seed the earlier stages had too."""
        records = [read_json(ended.folder / RUN) for ended in self.earlier]
        earlier = [record["replicate_of"] for record in records]
        return digest({**self.inputs, "seed": None, "earlier": earlier})

    def described(self) -> dict[str, Any]:
        given = self.given
        sets = {
            f"{role} {task}": getattr(splits, role)
            for task, splits in self.splits.items()
            for role in ("train", "val")
        }
        return {
            "spec": {
                "stage": self.stage.name,
                "tasks": list(self.stage.tasks),
                "remedies": self.remedies,
                "weighting": self.weighting,
                "backbone": given.backbone,
                "schedule": self.parameters.schedule,
                "seed": given.seed,
            },
            "data": contents(sets),
            "starts_from": [ended.folder.name for ended in self.earlier],
        }

    def compiles(self, device: str) -> bool:
        return self.given.compiles(device)

    def build(self, device: str) -> MultitaskTask:
        settle(device)
        given, stage = self.given, self.stage
        classes = {task: len(splits.train.classes) for task, splits in self.splits.items()}
        network = build(given.backbone, given.seed, classes).to(device)
        if device != "cpu":
            network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        objective = Objective(given.seg_loss, given.det_loss, given.cls_loss, given.smoothing)
        past = self._past(device)
        if self.earlier:
            network.load_state_dict(weights_of(self.earlier[-1].checkpoint, device))
        chosen = remedies.parse(self.remedies)
        for remedy in chosen:
            remedy.begin(network, past, _loss_on(objective), given.seed)
        for remedy in chosen:
            remedy.freeze(network)
        weighting = weightings.get(self.weighting or "equal")(self.weighed, self.epoch).to(device)
        learner = Learner(network, weighting)
        rates = {task: rate / given.learning_rate for task, rate in given.learning_rates.items()}
        return MultitaskTask(
            learner, _optimizer(learner, given), self.splits, stage, objective, chosen, past,
            seed=given.seed, size=given.size, batch_size=given.batch_size, epoch=self.epoch,
            rates=rates, precision=getattr(torch, given.precision),
            compiled=given.compiles(device),
        )  # fmt: skip

    def _past(self, device: str) -> Past:
        earlier = [ended for ended in self.earlier if ended.stage.tasks[-1] in self.stage.earlier]
        tasks = tuple(ended.stage.tasks[-1] for ended in earlier)
        weights = tuple(weights_of(ended.checkpoint, device) for ended in earlier)
        return Past(tasks, weights, tuple(self.splits[task].train for task in tasks))


def train_multitask(parameters: TrainMultitask, *, quiet: bool = False) -> list[Path]:
    """Train or resume all stages of an order; the folders of their runs, oldest first.

    Raises as ``training.recorded.claimed`` does, and ValueError or FileNotFoundError for data that
    is not as described, before any work.
    """
    return exhaust(iterate_multitask(parameters, quiet=quiet))


def iterate_multitask(
    parameters: TrainMultitask, *, quiet: bool = False
) -> Generator[int, None, list[Path]]:
    """:func:`train_multitask`, one iteration at a time; see ``training.turns``."""
    device_of(parameters.device)
    splits = load_splits(parameters.data_root, parameters.size)
    for stage in parameters.stages:  # what is too short is told before the first one is trained
        _ = StageRun(parameters, stage, splits).parameters
    ended: dict[str, Ended] = {}
    for stage in parameters.stages:
        earlier = tuple(ended.values()) if stage.parent else ()
        run = StageRun(parameters, stage, splits, earlier)
        # planned: a schedule spans its stage, so another one is another run, and no extension
        folder = yield from iterate_run(run, planned=True, quiet=quiet)
        ended[stage.name] = Ended(stage, folder, run.parameters.until)
    return [one.folder for one in ended.values()]


def load_splits(data_root: str | None, size: int) -> dict[str, Splits]:
    """The sets of all tasks: those that are not trained are validated all the same."""
    return {task: data.load(task, data_root, size) for task in TASKS}


def weights_of(path: Path, device: str = "cpu") -> dict[str, Tensor]:
    """The network's weights in a checkpoint. Raises DamagedCheckpointError naming one that is
    damaged or was deleted."""
    model = checkpoint.load(path, device).tensors["model"]
    return {
        name.removeprefix(PREFIX): value for name, value in model.items() if name.startswith(PREFIX)
    }


def _loss_on(objective: Objective) -> Loss:
    """The mean training loss of some images of a set, as a remedy asks for it."""
    store = cache(Store)  # put on the device once, however many images are asked for one by one

    def loss(task: str, network: Network, dataset: data.TaskSet, places: Sequence[int]) -> Tensor:
        samples = store(dataset, next(network.parameters()).device).gather(places)
        return objective(task, network(normalise(samples.images)), samples)

    return loss


def _optimizer(learner: Learner, given: TrainMultitask) -> Optimizer:
    """AdamW; no decay for what is no matrix, nor for the state of a weighting."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in learner.named_parameters():
        if not parameter.requires_grad:
            continue
        own = name.removeprefix(PREFIX)
        in_network = own != name
        rate = given.backbone_factor if in_network and part_of(own) == "backbone" else 1.0
        decay = given.weight_decay if in_network and parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    gpu = next(learner.parameters()).is_cuda
    return AdamW(
        [
            {"params": parameters, "lr": rate * given.learning_rate, "weight_decay": decay}
            for (rate, decay), parameters in groups.items()
        ],
        fused=True, capturable=gpu,
    )  # fmt: skip
