"""FLUX.1 Kontext: an image edited as an instruction says.

Source: Black Forest Labs, "FLUX.1 Kontext: Flow matching for in-context image generation and
editing in latent space" (2025), https://github.com/black-forest-labs/flux. Guidance and steps are
those of the published weights. The prompts are ours: those of the published study are not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from trainstudy.generation.diffusion._method import Method

KEEP = (
    " Keep every object, its place and its shape, and the view of the camera exactly as they are."
)


class FluxKontext(Method):
    """The image that is read and the one that is made have one size, so that labels fit."""

    pipeline = published = "FluxKontextPipeline"
    weights = "black-forest-labs/FLUX.1-Kontext-dev"
    needs = "34 GB of weights in bfloat16, behind a licence to accept"
    precision = "bfloat16"
    pixels = 1024 * 1024
    multiple = 16
    prompts = {  # noqa: RUF012
        "clear_day": "Make it a clear, sunny day." + KEEP,
        "cloudy": "Make the sky overcast and the light flat, without shadows." + KEEP,
        "dawn_dusk": "Make it dusk, with the sun just below the horizon." + KEEP,
        "foggy": "Fill the air with dense fog that hides what is far away." + KEEP,
        "night": "Make it night, lit by street lamps and headlights alone." + KEEP,
        "rainy": "Make it rain heavily, on a wet and reflecting road." + KEEP,
        "snowy": "Make it snow, with snow on the road, the cars and the roofs." + KEEP,
    }
    arguments = {"num_inference_steps": 28, "guidance_scale": 2.5}  # noqa: RUF012

    def paint(
        self,
        pipe: Any,
        images: Sequence[Image.Image],
        domains: Sequence[str],
        target: str,
        draws: Sequence[Any],
        arguments: Mapping[str, Any],
    ) -> list[Image.Image]:
        width, height = images[0].size
        made: list[Image.Image] = pipe(
            image=list(images),
            prompt=[self.prompts[target]] * len(images),
            generator=list(draws),
            width=width,
            height=height,
            max_area=width * height,
            _auto_resize=False,  # it would read the image at another size than the one it makes
            **arguments,
        ).images
        return made


METHOD = FluxKontext()
