"""The training of a translator as a task of the shared loop."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.generation._translator import Translator
from trainstudy.generation.domains import Domains
from trainstudy.generation.swd import sliced_wasserstein
from trainstudy.segmentation.store import Store
from trainstudy.training.randomness import generator, sample_order
from trainstudy.training.task import Batch, Evaluation, Task

Pixels = NDArray[np.uint8]


class TranslationTask(Task):
    """A translator on unpaired sets. A batch depends on (seed, iteration) alone: its ``images`` are
    crops of the source domain, and in the place of its labels are crops of the target domain."""

    module: Translator

    def __init__(
        self,
        module: Translator,
        rate: float,
        domains: Domains,
        *,
        seed: int,
        batch_size: int,
        crop: tuple[int, int],
        precision: torch.dtype = torch.float32,
    ) -> None:
        self.device = next(module.parameters()).device
        self.module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = module.optimizer(rate)
        self.capturable = self.device.type == "cuda"
        self.domains, self.seed, self.batch_size, self.crop = domains, seed, batch_size, crop
        self.precision = precision
        self._sets = (domains.source, domains.target)
        self._store = Store(self._sets, self.device)

    def batch(self, iteration: int) -> Batch:
        first = (iteration - 1) * self.batch_size
        picks = [
            (part, sample)
            for part, images in enumerate(self._sets)
            for sample in sample_order(
                self.seed, f"order {part}", len(images), first, self.batch_size
            )
        ]
        draws = [generator(self.seed, "crop", iteration, slot) for slot in range(len(picks))]
        source, target = random_crops(self._store.gather(picks)[0], self.crop, draws).chunk(2)
        names = [self._sets[part].names[sample] for part, sample in picks]
        return Batch(source, target, names, [False] * len(names))

    def loss(self, batch: Batch) -> Tensor:
        with self._autocast():
            return self.module.loss(self._scaled(batch.images), self._scaled(batch.labels))

    def evaluate(self) -> Evaluation:
        """``swd``: the sliced Wasserstein distance of held-out images to the target domain's, as
        they are and translated, and of target images of the training, the level of chance.
        ``losses``: every unweighted part of the loss on held-out crops."""
        shown = self._measured
        pixels = np.concatenate((shown["untranslated"], shown["reference"]))
        draws = [generator(self.seed, "held-out crop", k) for k in range(len(pixels))]
        crops = random_crops(torch.from_numpy(pixels).permute(0, 3, 1, 2), self.crop, draws)
        with self._autocast():
            losses = self.module.losses(*self._scaled(crops.to(self.device)).chunk(2))
        compared = {**shown, "translated": self.translate(shown["untranslated"])}
        distances = {
            name: sliced_wasserstein(images, shown["reference"])
            for name, images in compared.items()
            if name != "reference"
        }
        values = {name: float(value) for name, value in losses.items()}
        return Evaluation({"swd": distances, "losses": values})

    def translate(self, images: Pixels, size: int = 8) -> Pixels:
        """Whole images uint8 [N,H,W,3] in the target domain, in float32, ``size`` at once.

        Where the method takes an example, image k gets one drawn from the training's target images.
        """
        target = self.domains.target.images
        examples = [
            generator(self.seed, "example", k).integers(len(target)) for k in range(len(images))
        ]
        parts = [
            self._translate(images[k : k + size], target[examples[k : k + size]])
            for k in range(0, len(images), size)
        ]
        return np.concatenate(parts)

    def _translate(self, images: Pixels, examples: Pixels) -> Pixels:
        height, width = images.shape[1:3]
        source, target = (self._padded(part) for part in (images, examples))
        made = (self.module(source, target)[..., :height, :width] + 1) * 127.5
        pixels: Pixels = (
            made.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
        )
        return pixels

    def _padded(self, images: Pixels) -> Tensor:
        """Scaled, and reflected below and to the right up to sides that the translator takes."""
        pixels = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).to(self.device)
        below, right = (-length % self.module.multiple for length in images.shape[1:3])
        return F.pad(self._scaled(pixels), (0, right, 0, below), mode="reflect")

    @cached_property
    def _measured(self) -> dict[str, Pixels]:
        """Equally many images of each kind, evenly spaced."""
        found = {
            "reference": self.domains.held_out_target.images,
            "untranslated": self.domains.held_out_source.images,
            "target": self.domains.target.images,
        }
        count = min(map(len, found.values()))
        return {
            name: images[np.linspace(0, len(images) - 1, count).round().astype(int)]
            for name, images in found.items()
        }

    def _scaled(self, images: Tensor) -> Tensor:
        return (images / 127.5 - 1).contiguous(memory_format=torch.channels_last)

    def _autocast(self) -> torch.autocast:
        enabled = self.precision != torch.float32
        return torch.autocast(self.device.type, self.precision, enabled=enabled)


def random_crops(
    images: Tensor, size: tuple[int, int], draws: Sequence[np.random.Generator]
) -> Tensor:
    """Crops [B,3,h,w] of images [B,3,H,W], half of them flipped; one generator an image."""
    crops = []
    for image, draw in zip(images, draws, strict=True):
        top, left = (
            int(draw.integers(whole - part + 1))
            for whole, part in zip(image.shape[1:], size, strict=True)
        )
        crop = image[:, top : top + size[0], left : left + size[1]]
        crops.append(crop.flip(-1) if draw.random() < 0.5 else crop)
    return torch.stack(crops)
