"""One training of a translator from parameters to a record on disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from trainstudy.generation import domains
from trainstudy.generation._translator import Translator
from trainstudy.generation.cyclegan import CycleGAN
from trainstudy.generation.domains import Domains
from trainstudy.generation.parameters import TrainTranslator
from trainstudy.generation.task import TranslationTask
from trainstudy.generation.tsit import TSIT
from trainstudy.parameters import ParameterError
from trainstudy.training.device import device_of, settle
from trainstudy.training.randomness import seed_torch
from trainstudy.training.recorded import Run, contents, iterate_run
from trainstudy.training.turns import exhaust

METHODS: dict[str, type[CycleGAN] | type[TSIT]] = {"cyclegan": CycleGAN, "tsit": TSIT}


@dataclass(frozen=True)
class Prepared(Run):
    """Everything a training needs, loaded and identified, before the first iteration."""

    parameters: TrainTranslator
    domains: Domains

    @property
    def rate(self) -> float:
        return self.parameters.learning_rate or METHODS[self.parameters.method].learning_rate

    @property
    def title(self) -> str:
        given = self.parameters
        return f"{given.method}-{given.dataset}-to_{given.target}"

    def effective(self) -> dict[str, Any]:
        return {
            **self.parameters.effective(),
            "learning_rate": self.rate,
            "weights": METHODS[self.parameters.method].weights,
            **{role: part.fingerprint for role, part in self.domains.parts.items()},
        }

    def described(self) -> dict[str, Any]:
        names = ("method", "dataset", "target", "schedule", "seed")
        return {
            "spec": {name: getattr(self.parameters, name) for name in names},
            "data": contents(self.domains.parts),
        }

    def build(self, device: str) -> TranslationTask:
        given = self.parameters
        settle(device)
        return TranslationTask(
            _network(given).to(device),
            self.rate,
            self.domains,
            seed=given.seed,
            batch_size=given.batch_size,
            crop=(given.crop[0], given.crop[1]),
            precision=getattr(torch, given.precision),
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

    Raises as :func:`trainstudy.training.recorded.claimed` does.
    """
    return exhaust(iterate_run(prepared, quiet=quiet))


def build_task(prepared: Prepared) -> TranslationTask:
    """The task of a prepared run on its device, its weights drawn from the run's seed."""
    return prepared.build(device_of(prepared.parameters.device))


def _network(given: TrainTranslator) -> Translator:
    seed_torch(given.seed, "weights")
    return METHODS[given.method](given.width, given.depth)
