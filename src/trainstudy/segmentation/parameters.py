"""The parameters of a segmentation training, checked before any work."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator
from pydantic import ValidationInfo as Info

from trainstudy import data, strategies
from trainstudy.training import schedules
from trainstudy.training.parameters import TrainingParameters


class TrainSegmentation(TrainingParameters):
    """What ``notebooks/train_segmentation.ipynb`` accepts.

    ``until`` is the last iteration; ``interval`` the distance between validations and checkpoints;
    ``learning_rate`` overrides the model configuration's; ``budgets`` are iterations whose
    checkpoints are kept for good; ``crop`` is (height, width); ``runs_root`` defaults to the
    project's ``runs/``. ``branch_from`` is a checkpoint of another run to start from: a folder
    ``RUN/checkpoints/iter_N``, or an ``iter_N.pth`` of mmengine; ``manifest`` lists the generated
    images of a strategy that reads them. ``compiled`` is for GPUs and models that allow it.
    ``gpus`` of this machine share every batch, and on its CPU as many processes.
    """

    strategy: str = "none"
    dataset: str = "streets"
    model: str = "segformer_b0"
    schedule: str = "constant"
    until: PositiveInt = 240
    data_root: str | None = None
    batch_size: PositiveInt = 4
    crop: list[PositiveInt] | None = Field(default=None, min_length=2, max_length=2)
    learning_rate: PositiveFloat | None = None
    interval: PositiveInt = 20
    budgets: list[PositiveInt] = Field(default_factory=list)
    precision: Literal["float32", "bfloat16"] = "float32"
    branch_from: str | None = None
    manifest: str | None = None
    compiled: bool = False
    gpus: PositiveInt = 1

    @field_validator("strategy")
    @classmethod
    def _known_strategy(cls, name: str) -> str:
        strategies.get(name)
        return name

    @field_validator("model")
    @classmethod
    def _known_model(cls, name: str) -> str:
        from trainstudy.segmentation.models import resolve_name

        resolve_name(name)
        return name

    @field_validator("schedule")
    @classmethod
    def _full_schedule(cls, text: str) -> str:
        return str(schedules.parse(text))

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        return data.known(name)

    @field_validator("data_root")
    @classmethod
    def _data_found(cls, root: str | None, info: Info) -> str | None:
        if "dataset" in info.data:
            try:
                data.check(info.data["dataset"], root)
            except FileNotFoundError as error:
                raise ValueError(str(error)) from None
        return root

    @field_validator("manifest")
    @classmethod
    def _manifest_is_read(cls, path: str | None, info: Info) -> str | None:
        if "strategy" in info.data:
            strategy = info.data["strategy"]
            reads = strategies.get(strategy).reads_manifest
            if reads and path is None:
                raise ValueError(f"{strategy} reads generated images; give their manifest.csv")
            if path is not None and not reads:
                raise ValueError(f"would not be read, {strategy} reads no generated images")
            if path is not None and not Path(path).expanduser().is_file():
                raise ValueError("there is no such file")
        return path

    @field_validator("gpus")
    @classmethod
    def _share_a_batch(cls, gpus: int, info: Info) -> int:
        if info.data.get("batch_size", gpus) % gpus:
            raise ValueError(f"must divide batch_size, {info.data['batch_size']}")
        if gpus > 1 and ":" in info.data.get("device", ""):
            raise ValueError(f"must be 1 for the single device {info.data['device']!r}")
        return gpus

    @property
    def manifest_path(self) -> Path | None:
        """The manifest of generated images, ``~`` expanded."""
        return Path(self.manifest).expanduser() if self.manifest else None

    def compiles(self, device: str) -> bool:
        """Whether the step is compiled on ``device``; a CPU's is not."""
        return self.compiled and device != "cpu"

    def effective(self) -> dict[str, Any]:
        """The parameters that are inputs of a training; where it runs or stops is none."""
        return {
            "seed": self.seed,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "precision": self.precision,
        }
