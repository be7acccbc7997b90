"""What a generator is: a diffusers pipeline with the calls that make one image of another."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.generation.diffusion.libraries import load_diffusers

Pixels = NDArray[np.uint8]
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Elsewhere:
    """A method that diffusers has no pipeline for; ``tool`` says what makes its images."""

    tool: str


class Method(ABC):
    """A pipeline of diffusers with the prompts and arguments that turn one domain into another.

    ``pipeline`` names its class, ``weights`` a published set of weights, which calls itself
    ``published``, and ``needs`` what running them takes. Inside, an image has about ``pixels``
    pixels and sides that are multiples of ``multiple``. ``prompts`` gives every target domain its
    text, ``arguments`` are those of a call.
    """

    pipeline: ClassVar[str]
    published: ClassVar[str]
    weights: ClassVar[str]
    needs: ClassVar[str]
    precision: ClassVar[Precision]
    pixels: ClassVar[int]
    multiple: ClassVar[int]
    prompts: ClassVar[Mapping[str, str]]
    arguments: ClassVar[Mapping[str, Any]]

    def load(self, source: str, precision: Precision, **hub: Any) -> Any:
        """The pipeline with the weights of a folder or of a repository on the hub.

        ``hub`` may hold ``revision`` and ``local_files_only``. Pickled weights are not read. Raises
        ValueError where the weights are another pipeline's, OSError where there are none.
        """
        import torch

        kind = getattr(load_diffusers(), self.pipeline)
        found = kind.load_config(source, **hub)["_class_name"]
        if found not in (self.published, self.pipeline):
            raise ValueError(f"it holds a {found}, needed is a {self.published}")
        dtype = getattr(torch, precision)
        options = self.components(source, **hub)
        return kind.from_pretrained(source, use_safetensors=True, dtype=dtype, **options, **hub)

    def components(self, source: str, **hub: Any) -> dict[str, Any]:
        """The parts of the pipeline that are not those of the published weights."""
        return {}

    @abstractmethod
    def paint(
        self,
        pipe: Any,
        images: Sequence[Image.Image],
        domains: Sequence[str],
        target: str,
        draws: Sequence[Any],
        arguments: Mapping[str, Any],
    ) -> list[Image.Image]:
        """``images``, which show ``domains``, as they would look in the domain ``target``.

        All have one size that the pipeline takes. ``draws`` is a torch.Generator an image.
        """

    def make(
        self,
        pipe: Any,
        originals: Pixels,
        domains: Sequence[str],
        target: str,
        draws: Sequence[Any],
        arguments: Mapping[str, Any],
        pixels: int,
    ) -> list[Pixels]:
        """Images uint8 [B,H,W,3] in the domain ``target``, at their own size.

        Raises RuntimeError for an image of one colour: what becomes of numbers out of range.
        """
        height, width = originals.shape[1:3]
        inside = fit((width, height), pixels, self.multiple)
        images = [
            Image.fromarray(one).resize(inside, Image.Resampling.LANCZOS) for one in originals
        ]
        painted = self.paint(pipe, images, domains, target, draws, arguments)
        made = [
            np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS))
            for image in painted
        ]
        if any(image.min() == image.max() for image in made):
            raise RuntimeError(
                f"{self.pipeline} made an image of one colour; try precision float32"
            )
        return made


def fit(size: tuple[int, int], pixels: int, multiple: int) -> tuple[int, int]:
    """Width and height of about ``pixels`` pixels, in the proportion of ``size``, in multiples."""
    scale = (pixels / (size[0] * size[1])) ** 0.5
    width, height = (max(1, round(side * scale / multiple)) * multiple for side in size)
    return width, height
