"""The parameters of a multi-task training, checked before any work."""

import ast
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import (
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from trainstudy.multitask import remedies, ways, weightings
from trainstudy.multitask.backbones import BACKBONES, PRETRAINED
from trainstudy.multitask.losses import classification, detection, segmentation
from trainstudy.multitask.ways import Stage
from trainstudy.tasks import TASKS
from trainstudy.training.parameters import TrainingParameters
from trainstudy.training.schedules import SCHEDULES, parse

LOSSES = {"seg": segmentation.KINDS, "det": detection.KINDS, "cls": classification.KINDS}
FLOOR = 1e-5  # where decays end, as the report recommends
COOLDOWN = 0.2  # of a stage
PRETRAINED_RATE = 0.1  # times the learning rate: at all of it trained weights are soon lost
DROPS = 3  # parts of a stage between which a step schedule drops
LONG = 10**12  # iterations that no stage has
FITTING = {"start": 0, "end": LONG, "every": LONG}  # whatever is given beside them
SEED = 2**63 - 1  # the highest that tables of results can hold


class TrainMultitask(TrainingParameters):
    """What ``notebooks/train_multitask.ipynb`` accepts.

    ``order``: ``joint``, ``single:seg``, a sequence such as ``seg,det,cls``, or
    ``cumulative:seg,det,cls``. ``remedies`` against forgetting, ``ewc:strength=100,lwf``, act in
    every stage that has earlier ones, or are told by the task that such a stage adds. ``epochs``
    are those of a stage, of a sequence also by task; of a joint stage ``warmup_epochs`` (of all
    tasks or by task), ``transition_epochs`` and ``finetune_epochs`` are a part. ``schedule`` spans
    a stage: where it asks for an end it gets the stage's.
    ``learning_rates`` by task replace ``learning_rate`` in iterations that train this task alone;
    the backbone's is ``backbone_rate`` times as high, by default a tenth where it comes with
    trained weights, and the same where it starts at random. ``interval`` is in epochs; ``looks``
    are iterations of a stage that are validated beside: how deep scores fall after a transition.
    ``compiled`` is for GPUs: a minute or two for the first stage, and faster from then on.
    """

    seed: int = Field(default=0, ge=0, le=SEED)
    order: str = "joint"
    remedies: str | dict[str, str] = ""
    weighting: str = "equal"
    schedule: str = "constant"
    epochs: PositiveFloat | dict[str, PositiveFloat] = 50
    warmup_epochs: NonNegativeFloat | dict[str, NonNegativeFloat] | None = None
    transition_epochs: NonNegativeFloat | None = None
    finetune_epochs: NonNegativeFloat | None = None
    data_root: str | None = None
    backbone: str = "efficientnet_lite0"
    size: PositiveInt = Field(default=320, multiple_of=32)
    batch_size: PositiveInt = 16
    learning_rate: PositiveFloat = 1e-3
    learning_rates: dict[str, PositiveFloat] = Field(default_factory=dict)
    backbone_rate: PositiveFloat | None = None
    weight_decay: NonNegativeFloat = 0.01
    seg_loss: str = "ce"
    det_loss: str = "quality_focal"
    cls_loss: str = "ce"
    smoothing: float = Field(default=0.0, ge=0, lt=1)
    precision: Literal["float32", "bfloat16"] = "float32"
    compiled: bool = False
    interval: PositiveFloat = 5
    looks: list[PositiveInt] = Field(default_factory=list)

    @field_validator("remedies", "epochs", "warmup_epochs", "learning_rates", mode="before")
    @classmethod
    def _by_task(cls, given: Any) -> Any:
        """papermill's ``-p`` gives the text of a mapping."""
        return _literal(given, "{", 'mapping such as {"seg": 1, "det": 2}')

    @field_validator("looks", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        """And that of a list."""
        return _literal(given, "[", "list such as [2, 3]")

    @field_validator("remedies")
    @classmethod
    def _known_remedies(cls, given: str | dict[str, str]) -> str | dict[str, str]:
        if isinstance(given, str):
            return _in_full(given)
        return {task: _in_full(text) for task, text in given.items()}

    @field_validator("weighting")
    @classmethod
    def _known_weighting(cls, name: str) -> str:
        weightings.get(name)
        return name

    @field_validator("schedule")
    @classmethod
    def _known_schedule(cls, text: str) -> str:
        _filled(text, {**FITTING, "floor": FLOOR})  # lengths of stages are not known yet
        return text

    @field_validator("backbone")
    @classmethod
    def _known_backbone(cls, name: str) -> str:
        if name not in BACKBONES:
            raise ValueError(f"unknown backbone {name!r}; accepted: {', '.join(BACKBONES)}")
        return name

    @field_validator("learning_rates")
    @classmethod
    def _known_tasks(cls, rates: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(set(rates) - set(TASKS)):
            raise ValueError(f"unknown task {unknown}; accepted: {', '.join(TASKS)}")
        return rates

    @model_validator(mode="after")
    def _sound(self) -> "TrainMultitask":
        for task, kinds in LOSSES.items():
            if (kind := getattr(self, f"{task}_loss")) not in kinds:
                raise ValueError(
                    f"parameter '{task}_loss': unknown {kind!r}; accepted: {', '.join(kinds)}"
                )
        schedule = parse(_filled(self.schedule, {**FITTING, "floor": self._floor}))
        floor = getattr(schedule, "floor", None)
        if floor is not None and floor > self.lowest_rate:
            raise ValueError(
                f"parameter 'schedule': floor {floor:g} is above the lowest rate, "
                f"{self.lowest_rate:g}, of learning_rate and learning_rates times backbone_rate"
            )
        later = [stage.tasks[-1] for stage in self.stages if stage.earlier]
        if isinstance(self.remedies, dict) and (unknown := sorted(set(self.remedies) - set(later))):
            raise ValueError(
                f"parameter 'remedies': no stage with earlier ones adds {', '.join(unknown)}; "
                f"order {self.order!r} has such stages for: {', '.join(later) or 'none'}"
            )
        if self.remedies and not later:
            raise ValueError(
                f"parameter 'remedies': {self.remedies} would do nothing: in order {self.order!r} "
                "no stage leaves out a task of an earlier one"
            )
        return self

    def remedies_in(self, stage: Stage) -> str:
        """Those that have a past to act on in ``stage``."""
        if not stage.earlier:
            return ""
        told = self.remedies
        return told if isinstance(told, str) else told.get(stage.tasks[-1], "")

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The trainings that follow each other."""
        joint: dict[str, Any] = {
            "warmup_epochs": self.warmup_epochs,
            "transition_epochs": self.transition_epochs or None,  # none is what every way has
            "finetune_epochs": self.finetune_epochs,
        }
        given = {name: value for name, value in joint.items() if value is not None}
        return ways.stages(self.order, self.epochs, **given)

    def spanning(self, iterations: int, stage: str = "a stage") -> str:
        """The schedule of a stage; a floor that is not given is never above a rate.

        Raises ValueError naming the parameter and the ``stage`` that it does not fit.
        """
        try:
            return spanning(self.schedule, iterations, self._floor)
        except ValueError as error:
            told = f"parameter 'schedule': {stage} has {iterations} iterations: {error}"
            raise ValueError(told) from None

    @property
    def _floor(self) -> float:
        return min(FLOOR, self.lowest_rate)

    @property
    def lowest_rate(self) -> float:
        """Of any weights in any iteration, before the schedule: most often the backbone's."""
        rates = (self.learning_rate, *self.learning_rates.values())
        return min(rates) * min(1.0, self.backbone_factor)

    @property
    def backbone_factor(self) -> float:
        """By what the learning rate is multiplied for the backbone."""
        if self.backbone_rate is not None:
            return self.backbone_rate
        return PRETRAINED_RATE if self.backbone in PRETRAINED else 1.0

    def compiles(self, device: str) -> bool:
        """Whether the backbone is compiled on ``device``; a CPU's is not."""
        return self.compiled and device != "cpu"

    def effective(self) -> dict[str, Any]:
        """The parameters that are inputs of every stage; where it runs or stops is none."""
        names = (
            "seed", "batch_size", "learning_rate", "weight_decay", "backbone", "size", "smoothing",
            "precision",
        )  # fmt: skip
        own = {name: getattr(self, name) for name in names}
        return {**own, "backbone_rate": self.backbone_factor}


def _in_full(text: str) -> str:
    """The remedies of a text with all of their options."""
    return ",".join(map(str, remedies.parse(text)))


def _literal(given: Any, opening: str, expected: str) -> Any:
    """What a text that begins with ``opening`` stands for; anything else as it is. Raises
    ValueError, telling what is ``expected``, for one that stands for nothing."""
    if not (isinstance(given, str) and given.lstrip().startswith(opening)):
        return given
    try:
        return ast.literal_eval(given.strip())
    except (SyntaxError, TypeError, ValueError):
        raise ValueError(f"no {expected}") from None


def spanning(text: str, iterations: int, floor: float = FLOOR) -> str:
    """The full text of a schedule, made to span a stage where ``text`` leaves that open.

    Raises ValueError where what it tells does not fit the stage.
    """
    open_to = {
        "start": iterations - round(COOLDOWN * iterations),
        "end": iterations,
        "every": -(-iterations // DROPS),
        "floor": floor,
    }
    return _filled(text, open_to)


def _filled(text: str, open_to: Mapping[str, float]) -> str:
    """The full text of a schedule, with ``open_to`` for options that it has and ``text`` does not
    tell. Raises ValueError as ``schedules.parse`` does, and for an option that is told twice."""
    name, _, given = text.partition(":")
    items = [item.partition("=")[::2] for item in given.split(",") if item]
    values = dict(items)
    if len(values) < len(items):
        raise ValueError(f"schedule {text!r}: an option is given twice")
    known = SCHEDULES[name].model_fields if name in SCHEDULES else {}
    values = {key: str(value) for key, value in open_to.items() if key in known} | values
    return str(parse(f"{name}:" + ",".join(f"{key}={value}" for key, value in values.items())))
