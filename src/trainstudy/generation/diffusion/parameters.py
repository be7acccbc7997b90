"""The parameters of a generation of images, checked before any work."""

from pathlib import Path
from typing import Any

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator
from pydantic import ValidationInfo as Info

from trainstudy import data
from trainstudy.data.generated.domains import canonical
from trainstudy.generation.diffusion import METHODS, Elsewhere, Method
from trainstudy.generation.diffusion._method import Precision
from trainstudy.parameters import Parameters


class GenerateImages(Parameters):
    """What ``notebooks/generate_images.ipynb`` accepts.

    ``target_domain`` is one or several, separated by commas; ``pipeline`` a folder or the name of
    weights on the hub, ``revision`` its commit there, and nothing is generated without it; ``out``
    takes images and manifest. ``steps``, ``pixels`` (of an image inside the model) and
    ``precision`` override the method's own.
    """

    strategy: str = "gen_flux_kontext"
    dataset: str = "streets"
    target_domain: str = "night"
    pipeline: str = ""
    out: str | None = None
    seed: NonNegativeInt = 0
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    data_root: str | None = None
    batch_size: PositiveInt = 1
    steps: PositiveInt | None = None
    pixels: PositiveInt | None = None
    precision: Precision | None = None
    revision: str | None = None
    local_files_only: bool = False

    @field_validator("strategy")
    @classmethod
    def _known_strategy(cls, name: str) -> str:
        if name not in METHODS:
            raise ValueError(f"not made by a diffusion model; accepted: {', '.join(METHODS)}")
        return name

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        return data.known(name)

    @field_validator("target_domain")
    @classmethod
    def _known_targets(cls, names: str, info: Info) -> str:
        method = METHODS.get(info.data.get("strategy", ""))
        if isinstance(method, Method):
            for name in _split(names):
                if name not in method.prompts:
                    accepted = ", ".join(method.prompts)
                    raise ValueError(f"no prompt for {name!r}; accepted: {accepted}")
        return names

    @field_validator("pipeline")
    @classmethod
    def _runnable(cls, name: str, info: Info) -> str:
        method = METHODS.get(info.data.get("strategy", ""))
        if name and isinstance(method, Elsewhere):
            raise ValueError(
                f"diffusers has none for {info.data['strategy']}. Its images are made by "
                f"{method.tool}; book/method/generated_images.md describes the manifest they need"
            )
        return name

    @field_validator("out")
    @classmethod
    def _given(cls, folder: str | None, info: Info) -> str | None:
        if info.data.get("pipeline") and not folder:
            raise ValueError("a folder for images and manifest is needed")
        return folder

    @field_validator("data_root")
    @classmethod
    def _data_found(cls, root: str | None, info: Info) -> str | None:
        if info.data.get("pipeline") and "dataset" in info.data:
            try:
                data.check(info.data["dataset"], root)
            except FileNotFoundError as error:
                raise ValueError(str(error)) from None
        return root

    @property
    def method(self) -> Method:
        """What makes the images of a ``pipeline``; TypeError where the strategy has none."""
        method = METHODS[self.strategy]
        if isinstance(method, Elsewhere):
            raise TypeError(f"{self.strategy} runs no pipeline: {method.tool}")
        return method

    @property
    def targets(self) -> tuple[str, ...]:
        """The target domains under the study's names, each once."""
        return tuple(dict.fromkeys(_split(self.target_domain)))

    @property
    def folder(self) -> Path:
        return Path(self.out or "").expanduser()

    @property
    def source(self) -> str:
        """A folder, where ``pipeline`` is the path of one, else a name on the hub."""
        folder = Path(self.pipeline).expanduser()
        return str(folder) if folder.is_dir() else self.pipeline

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of a call of the pipeline."""
        steps = {"num_inference_steps": self.steps} if self.steps else {}
        return {**self.method.arguments, **steps}


def _split(names: str) -> list[str]:
    return [canonical(name) for name in names.split(",")]
