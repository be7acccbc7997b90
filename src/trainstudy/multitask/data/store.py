"""Where the images and labels of a training set live: on the device, as they were decoded."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from trainstudy.multitask.data._set import TaskSet
from trainstudy.training.upload import upload


class Samples(NamedTuple):
    """Images of one task with what they are trained on."""

    images: Tensor
    """uint8 [B,3,S,S], RGB."""
    labels: Tensor
    """seg: uint8 [B,S,S], 255 = ignore; det: int64 [B,M], -1 = no box; cls: int64 [B]."""
    boxes: Tensor | None
    """det: float [B,M,4], x1, y1, x2, y2 in pixels, zeros where there is no box."""


class Store:
    """A set of a few hundred images on a device; a CPU shares the set's own memory.

    Boxes around crowds are left out: one object's box is not to be learned from a group.
    """

    def __init__(self, dataset: TaskSet, device: torch.device) -> None:
        images, labels = torch.from_numpy(dataset.images), torch.from_numpy(dataset.labels)
        boxes = None if dataset.boxes is None else torch.from_numpy(dataset.boxes)
        if boxes is not None:
            crowd = torch.from_numpy(dataset.crowd)
            labels = labels.masked_fill(crowd, -1)
            boxes = boxes.masked_fill(crowd[..., None], 0).to(device)
        self._all = Samples(images.to(device), labels.to(device), boxes)

    def gather(self, indices: Sequence[int]) -> Samples:
        """The samples at ``indices``; the host does not wait for them."""
        images, labels, boxes = self._all
        index = upload(indices, images, torch.int64)
        taken = None if boxes is None else boxes[index]
        return Samples(images[index].permute(0, 3, 1, 2), labels[index], taken)
