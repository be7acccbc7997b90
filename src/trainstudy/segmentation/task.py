"""Semantic segmentation as a task of the training loop."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.segmentation import losses, metrics
from trainstudy.segmentation.crops import random_crop
from trainstudy.segmentation.store import Store
from trainstudy.strategies import Strategy
from trainstudy.training import distributed
from trainstudy.training.randomness import generator, sample_order
from trainstudy.training.task import Batch, Evaluation, Task

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # ImageNet, RGB in 0..255
EVALUATION_BATCH = {"cpu": 8, "cuda": 32}  # images


class SegmentationTask(Task):
    """A mmsegmentation model on a training set, with or without generated images mixed in.

    A batch depends on (seed, iteration) alone. On a GPU the step is captured where the model's
    loss allows it, and compiled where ``compiled`` is asked for.
    """

    def __init__(
        self,
        module: nn.Module,
        optimizer: Optimizer,
        train: SegmentationSet,
        val: SegmentationSet,
        strategy: Strategy,
        generated: SegmentationSet | None,
        *,
        seed: int,
        batch_size: int,
        crop: tuple[int, int],
        precision: torch.dtype = torch.float32,
        clip: dict[str, Any] | None = None,
        compiled: bool = False,
    ) -> None:
        self.module, self.optimizer, self.strategy = module, optimizer, strategy
        self.ratio, self.clip = strategy.ratio, clip
        self.seed, self.batch_size, self.crop = seed, batch_size, crop
        self.precision = precision
        self.device = next(module.parameters()).device
        self.val = val
        self._sources = [train] if generated is None else [train, generated]
        self._store = Store(self._sources, self.device)
        self._mean = torch.tensor(MEAN, device=self.device).view(1, 3, 1, 1)
        self._std = torch.tensor(STD, device=self.device).view(1, 3, 1, 1)
        self._plain = losses.is_plain(module)
        alone = distributed.size() == 1
        if not (alone or self._plain):
            raise ValueError("parameter 'gpus': this model's loss may not be a mean over images")
        self.capturable = self._plain and alone and self.device.type == "cuda"
        self._loss = torch.compile(losses.training_loss) if compiled else losses.training_loss

    def batch(self, iteration: int) -> Batch:
        """The training batch of one iteration, after the crop and the strategy."""
        origins = self._origins(iteration)
        images, labels = self._store.gather(origins)
        draws = [
            generator(self.seed, "augment", iteration, slot) for slot in range(self.batch_size)
        ]
        augmented = self.strategy.augment(*random_crop(images, labels, self.crop, draws), draws)
        return Batch(
            augmented.images,
            augmented.labels,
            names=[self._sources[source].names[sample] for source, sample in origins],
            generated=[source == 1 for source, _ in origins],
            weights=augmented.weights,
        )

    def _origins(self, iteration: int) -> list[tuple[int, int]]:
        """(source, sample) of every slot of one batch, in a drawn order.

        After k batches exactly floor(ratio x B x k) generated images have been drawn, and both
        sources go through their own reshuffled passes without a gap.
        """
        before, after = (self._generated_by(count) for count in (iteration - 1, iteration))
        drawn = {1: (before, after - before)}
        start = (iteration - 1) * self.batch_size
        drawn[0] = (start - before, self.batch_size - (after - before))
        origins = [
            (source, sample)
            for source, (first, count) in drawn.items()
            if count
            for sample in sample_order(
                self.seed, f"order {source}", len(self._sources[source]), first, count
            )
        ]
        mixed = generator(self.seed, "mix", iteration).permutation(len(origins))
        return [origins[place] for place in mixed]

    def _generated_by(self, batches: int) -> int:
        if len(self._sources) == 1:
            return 0
        return int(np.floor(self.ratio * self.batch_size * batches))

    def loss(self, batch: Batch) -> Tensor:
        """The model's training loss (auxiliary heads included) of one batch, a scalar.

        Raises ValueError where a strategy mixes labels and the model's loss is its own.
        """
        inputs = self._normalise(batch.images)
        with self._autocast():
            if self._plain:
                return self._loss(self.module, inputs, batch.labels, batch.weights)
            if batch.weights is not None:
                raise ValueError("this model computes its loss by itself, from one label an image")
            return losses.sample_loss(self.module, inputs, batch.labels)

    def evaluate(self) -> Evaluation:
        """Confusion matrices of the whole validation images at their own size."""
        confusions = self.confusions(self.val)
        return Evaluation(metrics.summarise(confusions, self.val.domains), confusions)

    def confusions(self, dataset: SegmentationSet) -> NDArray[np.int64]:
        """One matrix [N,C,C] an image of any labelled set."""
        parts = []
        size = EVALUATION_BATCH[self.device.type]
        for first in range(0, len(dataset), size):
            chosen = slice(first, first + size)
            prediction = self.predict(dataset.images[chosen])
            label = torch.from_numpy(np.array(dataset.labels[chosen])).to(self.device)
            parts.append(metrics.confusion(prediction, label, len(dataset.classes)))
        return torch.cat(parts).cpu().numpy()

    def predict(self, images: NDArray[np.uint8]) -> Tensor:
        """The class of every pixel [B,H,W] of RGB images uint8 [B,H,W,3]."""
        pixels = torch.from_numpy(np.array(images)).to(self.device)
        inputs = self._normalise(pixels.permute(0, 3, 1, 2))
        shape = tuple(inputs.shape[-2:])
        metas = [{"ori_shape": shape, "img_shape": shape, "pad_shape": shape}] * len(inputs)
        with self._autocast():
            logits: Tensor = self.module.encode_decode(inputs, metas)  # type: ignore[operator]
        return logits.argmax(1)

    def _normalise(self, images: Tensor) -> Tensor:
        memory = torch.channels_last if self.device.type == "cuda" else torch.contiguous_format
        return ((images - self._mean) / self._std).contiguous(memory_format=memory)

    def _autocast(self) -> torch.autocast:
        enabled = self.precision != torch.float32
        return torch.autocast(self.device.type, self.precision, enabled=enabled)
