"""Semantic segmentation as a task of the training loop."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.segmentation import metrics
from trainstudy.segmentation.crops import random_crop
from trainstudy.strategies import Strategy
from trainstudy.training.loop import Batch, Evaluation
from trainstudy.training.randomness import generator, sample_order

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # ImageNet, RGB in 0..255
EVALUATION_BATCH = 8


class SegmentationTask:
    """A mmsegmentation model on a training set, with or without generated images mixed in.

    Images stay on the device as uint8; a batch depends on (seed, iteration) alone.
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
    ) -> None:
        self.module, self.optimizer, self.strategy = module, optimizer, strategy
        self.ratio = strategy.ratio
        self.seed, self.batch_size, self.crop = seed, batch_size, crop
        self.precision = precision
        self.device = next(module.parameters()).device
        self.val = val
        self._sources = [train] if generated is None else [train, generated]
        self._images = [_on(self.device, source.images) for source in self._sources]
        self._labels = [torch.from_numpy(s.labels).to(self.device) for s in self._sources]
        self._mean = torch.tensor(MEAN, device=self.device).view(1, 3, 1, 1)
        self._std = torch.tensor(STD, device=self.device).view(1, 3, 1, 1)

    def batch(self, iteration: int) -> Batch:
        """The training batch of one iteration, after the strategy and the crop."""
        origins = self._origins(iteration)
        names = [self._sources[source].names[sample] for source, sample in origins]
        images = torch.stack([self._images[source][sample] for source, sample in origins])
        labels = torch.stack([self._labels[source][sample] for source, sample in origins])
        draws = [
            generator(self.seed, "augment", iteration, slot) for slot in range(self.batch_size)
        ]
        images, labels = self.strategy.augment(images, labels, draws)
        images, labels = random_crop(images, labels, self.crop, draws)
        return Batch(images, labels, names, [source == 1 for source, _ in origins])

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
        """The model's own training loss (auxiliary heads included) of one batch, a scalar."""
        from mmengine.structures import PixelData
        from mmseg.structures import SegDataSample

        samples = [
            SegDataSample(gt_sem_seg=PixelData(data=label[None].long())) for label in batch.labels
        ]
        with torch.autocast(
            self.device.type, self.precision, enabled=self.precision != torch.float32
        ):
            losses = self.module.loss(self._normalise(batch.images), samples)  # type: ignore[operator]
        loss: Tensor = self.module.parse_losses(losses)[0]  # type: ignore[operator]
        return loss

    def evaluate(self) -> Evaluation:
        """Confusion matrices of the whole validation images at their own size."""
        confusions = self.confusions(self.val)
        return Evaluation(metrics.summarise(confusions, self.val.domains), confusions)

    def confusions(self, dataset: SegmentationSet) -> NDArray[np.int64]:
        """One matrix [N,C,C] an image of any labelled set."""
        parts = []
        for first in range(0, len(dataset), EVALUATION_BATCH):
            chosen = slice(first, first + EVALUATION_BATCH)
            prediction = self.predict(dataset.images[chosen])
            label = torch.from_numpy(dataset.labels[chosen]).to(self.device)
            parts.append(metrics.confusion(prediction, label, len(dataset.classes)).cpu().numpy())
        return np.concatenate(parts)

    def predict(self, images: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]) -> Tensor:
        """The class of every pixel [B,H,W] of RGB images uint8 [B,H,W,3]."""
        inputs = self._normalise(_on(self.device, np.asarray(images)))
        shape = tuple(inputs.shape[-2:])
        metas = [{"ori_shape": shape, "img_shape": shape, "pad_shape": shape}] * len(inputs)
        with torch.autocast(
            self.device.type, self.precision, enabled=self.precision != torch.float32
        ):
            logits: Tensor = self.module.encode_decode(inputs, metas)  # type: ignore[operator]
        return logits.argmax(1)

    def _normalise(self, images: Tensor) -> Tensor:
        return (images.float() - self._mean) / self._std


def _on(device: torch.device, images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(images).to(device).permute(0, 3, 1, 2)
