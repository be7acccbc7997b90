"""Train the arms of training longer: every leg of the plan, for every seed, and list what was run.

``study.json`` beside the run folders says which run is which leg; the runs are resumed where they
stand, so the same call goes on after a stop.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from trainstudy.files import read_json, write_json
from trainstudy.parameters import Parameters
from trainstudy.runs.identity import differing
from trainstudy.runs.record import CHECKPOINTS, RUN, STUDY
from trainstudy.segmentation.evaluate import evaluate_budgets
from trainstudy.segmentation.origin import Origin
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import Prepared, iterate_prepared, prepare, refuse_before_work
from trainstudy.training import arms
from trainstudy.training.arms import Leg
from trainstudy.training.turns import Training, take_turns


class TrainArms(Parameters):
    """What ``notebooks/train_arms.ipynb`` accepts: a plan (see ``training.arms.plan``), the seeds
    to train it with, and the parameters of a single training (see ``TrainSegmentation``).

    ``at_once`` trainings take turns in this process; on a GPU several small ones fill it.
    """

    base: PositiveInt = 100
    multiples: list[PositiveInt] = Field(default_factory=lambda: [1, 2, 3, 4])
    arms: list[str] = Field(default_factory=lambda: list(arms.ARMS), min_length=1)
    cooldown_share: PositiveFloat = 0.2
    warmup: NonNegativeInt = 0
    floor: NonNegativeFloat = 1e-6
    seeds: list[NonNegativeInt] = Field(default_factory=lambda: [0], min_length=1)
    at_once: PositiveInt = 1
    strategy: str = "none"
    dataset: str = "streets-new_town"
    model: str = "segformer_b0"
    device: str = "auto"
    data_root: str | None = None
    runs_root: str | None = None
    batch_size: PositiveInt = 4
    crop: list[PositiveInt] | None = None
    learning_rate: PositiveFloat | None = None
    interval: PositiveInt = 50
    precision: str = "float32"
    manifest: str | None = None
    compiled: bool = False

    @model_validator(mode="after")
    def _sound(self) -> "TrainArms":
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"parameter 'seeds': each once, got {self.seeds}")
        for leg in self.legs:
            self.training(leg, self.seeds[0])
        return self

    @property
    def legs(self) -> list[Leg]:
        return arms.plan(
            self.base, self.multiples, self.arms, cooldown_share=self.cooldown_share,
            warmup=self.warmup, floor=self.floor,
        )  # fmt: skip

    def training(self, leg: Leg, seed: int) -> TrainSegmentation:
        """The parameters of one leg's training, where it starts left aside."""
        shared = {name: getattr(self, name) for name in _SHARED}
        kept = arms.keep(leg, self.legs)
        if (parent := self.continued(leg)) is not None:
            kept += arms.keep(parent, self.legs)  # one run: what it kept for others stays
        return TrainSegmentation.checked(
            schedule=leg.schedule, until=leg.until, seed=seed, budgets=kept, **shared
        )

    def continued(self, leg: Leg) -> Leg | None:
        """The parent that ``leg`` only goes on from, under the same schedule: the same run."""
        parents = [p for p in self.legs if p.name == leg.parent and p.schedule == leg.schedule]
        return parents[0] if parents else None


_SHARED = sorted(TrainArms.model_fields.keys() & TrainSegmentation.model_fields.keys())


def train_arms(parameters: TrainArms, *, quiet: bool = False) -> Path:
    """Train or resume every leg for every seed; the path of ``study.json``.

    Seeds add to those that the same study has already. Raises ValueError, before any work, where
    ``runs_root`` is a file or holds another study (its images count), or a damaged list of this
    one, and for a floor above the base rate; and what a single training raises, after the others
    have ended.
    """
    for leg in parameters.legs:
        refuse_before_work(parameters.training(leg, parameters.seeds[0]))
    study = parameters.training(parameters.legs[0], parameters.seeds[0]).runs / STUDY
    content = _known(study, parameters)
    trained = {seed: _Seed(parameters, seed, quiet) for seed in parameters.seeds}
    first = next(leg for leg in parameters.legs if leg.parent is None)
    others = [study.parent / leg["run"] for leg in content["legs"] if leg["name"] == first.name]
    if there := [other for other in others if (other / RUN).exists()]:
        _refuse_other_inputs(trained[parameters.seeds[0]].prepared(first), there[0])
    planned = [(seed, leg) for seed in parameters.seeds for leg in parameters.legs]
    places = {(seed, leg.name): place for place, (seed, leg) in enumerate(planned)}
    folders = take_turns(
        [partial(trained[seed].train, leg) for seed, leg in planned],
        at_once=parameters.at_once,
        after=[places[seed, leg.parent] if leg.parent else None for seed, leg in planned],
    )
    content["legs"] += [
        {"seed": seed, "run": folder.name, **asdict(leg)}
        for (seed, leg), folder in zip(planned, folders, strict=True)
    ]
    write_json(study, content)
    return study


def _known(study: Path, parameters: TrainArms) -> dict[str, Any]:
    """What ``study.json`` will hold, with the legs of other seeds that it holds already."""
    given = parameters.model_dump(exclude={"data_root", "runs_root", "device"})
    content = {"parameters": given, "cost": arms.cost(parameters.legs), "legs": []}
    if not study.exists():
        return content
    told, legs = _listed(study, given)
    if differing := [name for name in given if given[name] != told[name] and name not in _HOW]:
        name = differing[0]
        raise ValueError(
            f"parameter 'runs_root': {study} is of another study, its {name} is {told[name]!r}, "
            f"asked now is {given[name]!r}; choose another folder"
        )
    content["legs"] = [leg for leg in legs if leg["seed"] not in parameters.seeds]
    given["seeds"] = sorted({*told["seeds"], *parameters.seeds})
    return content


def _listed(study: Path, given: Iterable[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The parameters and legs of a ``study.json``. Raises ValueError naming it where it has none,
    or not all of ``given``."""
    found = read_json(study)
    try:
        told = {name: found["parameters"][name] for name in given}
        return told, [{**leg, "seed": leg["seed"]} for leg in found["legs"]]
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{study}: not the list of a study's legs, or half of one ({error!r}); restore it, or "
            "choose another runs_root"
        ) from error


_HOW = {"seeds", "at_once", "compiled", "interval"}  # may differ within one study
_OWN = {"seed", "generated"}  # inputs that seeds do not share: images may be drawn from the seed


class _Seed:
    """The legs of one seed: data and model configuration are the same for all of them."""

    def __init__(self, parameters: TrainArms, seed: int, quiet: bool) -> None:
        self._parameters, self._seed, self._quiet = parameters, seed, quiet
        self._shared: Prepared | None = None
        self._runs: dict[str, Path] = {}

    def prepared(self, leg: Leg) -> Prepared:
        """The training of a leg from random weights."""
        given = self._parameters.training(leg, self._seed)
        if self._shared is None:
            self._shared = replace(prepare(given), beside=self._parameters.at_once)
        return replace(self._shared, parameters=given)

    def train(self, leg: Leg) -> Training[Path]:
        prepared = self.prepared(leg)
        if leg.parent and self._parameters.continued(leg) is None:
            path = self._runs[leg.parent] / CHECKPOINTS / f"iter_{leg.start}"
            prepared = replace(prepared, origin=Origin.find(str(path)))
        folder = yield from iterate_prepared(prepared, planned=True, quiet=self._quiet)
        evaluate_budgets(prepared, folder, leg.budgets)
        self._runs[leg.name] = folder
        return folder


def _refuse_other_inputs(prepared: Prepared, other: Path) -> None:
    """Raise ValueError naming what a training and ``other``, the run of the same leg of another
    seed, differ in beside the seed: these would be no replicates."""
    told = read_json(other / RUN)["inputs"]
    if names := sorted(differing(prepared.inputs, told, _OWN)):
        raise ValueError(
            f"parameter 'runs_root': {other} is of this study and was trained with another "
            f"{', '.join(names)}; choose another folder"
        )


def plan_rows(parameters: TrainArms) -> list[dict[str, Any]]:
    """The plan as rows of a table."""
    return [asdict(leg) | {"iterations": leg.until - leg.start} for leg in parameters.legs]
