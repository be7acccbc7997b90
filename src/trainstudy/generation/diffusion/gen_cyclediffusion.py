"""CycleDiffusion: the noise that makes an image under one prompt makes another under the next.

Source: Wu and De la Torre, "A latent space of stochastic diffusion models for zero-shot image
editing and guidance" (ICCV 2023), https://github.com/ChenWu98/cycle-diffusion. Strength, guidance,
steps and eta are those of the pipeline's own example of a change of colour. The prompts are ours:
those of the published study are not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from trainstudy.data.generated.domains import canonical
from trainstudy.generation.diffusion._method import Method
from trainstudy.generation.diffusion.libraries import load_diffusers

SCENE = "a photo of a street{}, taken from a car"


class CycleDiffusion(Method):
    """Prompts of the two domains differ in the domain alone, so that little else changes."""

    pipeline = "CycleDiffusionPipeline"
    published = "StableDiffusionPipeline"
    weights = "CompVis/stable-diffusion-v1-4"
    needs = "4 GB of weights in float32"
    precision = "float32"  # noise is found by dividing by a small deviation
    pixels = 512 * 512
    multiple = 8
    prompts = {  # noqa: RUF012
        "clear_day": SCENE.format(" on a clear day"),
        "cloudy": SCENE.format(" under a cloudy sky"),
        "dawn_dusk": SCENE.format(" at dusk"),
        "foggy": SCENE.format(" in dense fog"),
        "night": SCENE.format(" at night"),
        "rainy": SCENE.format(" in heavy rain"),
        "snowy": SCENE.format(" covered in snow"),
    }
    arguments = {  # noqa: RUF012
        "num_inference_steps": 100,
        "strength": 0.85,
        "guidance_scale": 3.0,
        "source_guidance_scale": 1.0,
        "eta": 0.1,
    }

    def components(self, source: str, **hub: Any) -> dict[str, Any]:
        """The one scheduler that the method is defined for, and no safety checker: it would hand
        out black images in place of those it objects to."""
        scheduler = load_diffusers().DDIMScheduler
        return {
            "scheduler": scheduler.from_pretrained(source, subfolder="scheduler", **hub),
            "safety_checker": None,
            "feature_extractor": None,
            "requires_safety_checker": False,
        }

    def paint(
        self,
        pipe: Any,
        images: Sequence[Image.Image],
        domains: Sequence[str],
        target: str,
        draws: Sequence[Any],
        arguments: Mapping[str, Any],
    ) -> list[Image.Image]:
        # one by one: under guidance the pipeline drops all but the first image of a batch
        return [
            pipe(
                prompt=self.prompts[target],
                source_prompt=self.prompts.get(canonical(domain), SCENE.format("")),
                image=image,
                generator=draw,
                **arguments,
            ).images[0]
            for image, domain, draw in zip(images, domains, draws, strict=True)
        ]


METHOD = CycleDiffusion()
