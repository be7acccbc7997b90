"""The parameters of a translator's training, checked before any work."""

from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator
from pydantic import ValidationInfo as Info

from trainstudy import data
from trainstudy.generation.domains import TARGETS
from trainstudy.training import schedules
from trainstudy.training.parameters import TrainingParameters


class TrainTranslator(TrainingParameters):
    """What the notebooks that train a translator accept.

    ``width`` and ``depth`` scale the networks, see the method's class; ``learning_rate`` overrides
    the method's; ``crop`` is (height, width); ``out`` takes the generated images and defaults to
    ``generated/`` in the run's folder. The others are those of a segmentation training.
    """

    method: ClassVar[Literal["cyclegan", "tsit"]]

    dataset: str = "streets-new_town"
    target: str = "night"
    until: PositiveInt = 200
    width: PositiveInt = 64
    depth: PositiveInt
    batch_size: PositiveInt = 4
    crop: list[PositiveInt] = Field(default=[64, 64], min_length=2, max_length=2)
    schedule: str = "constant"
    learning_rate: PositiveFloat | None = None
    interval: PositiveInt = 100
    precision: Literal["float32", "bfloat16"] = "float32"
    data_root: str | None = None
    out: str | None = None

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        if name not in TARGETS:
            raise ValueError(f"no unpaired sets of it; accepted: {', '.join(TARGETS)}")
        return name

    @field_validator("target")
    @classmethod
    def _known_target(cls, name: str, info: Info) -> str:
        accepted = TARGETS.get(info.data.get("dataset", ""), (name,))
        if name not in accepted:
            raise ValueError(f"not a domain of the data set; accepted: {', '.join(accepted)}")
        return name

    @field_validator("schedule")
    @classmethod
    def _full_schedule(cls, text: str) -> str:
        return str(schedules.parse(text))

    @field_validator("data_root")
    @classmethod
    def _data_found(cls, root: str | None, info: Info) -> str | None:
        if "dataset" in info.data:
            try:
                data.check(info.data["dataset"], root)
            except FileNotFoundError as error:
                raise ValueError(str(error)) from None
        return root

    def effective(self) -> dict[str, Any]:
        """The parameters that are inputs of a training; where it runs or stops is none."""
        names = ("width", "depth", "batch_size", "crop", "schedule", "seed", "precision")
        return {"method": self.method} | {name: getattr(self, name) for name in names}


class TrainCycleGAN(TrainTranslator):
    """What ``notebooks/train_cyclegan.ipynb`` accepts; ``depth`` counts residual blocks."""

    method = "cyclegan"
    depth: PositiveInt = 9


class TrainTSIT(TrainTranslator):
    """What ``notebooks/train_tsit.ipynb`` accepts; ``depth`` counts the halvings of the size."""

    method = "tsit"
    depth: PositiveInt = 5
