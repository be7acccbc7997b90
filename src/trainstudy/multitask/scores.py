"""What a network scores on the sets of all three tasks."""

from collections.abc import Callable, Mapping
from typing import Any

import torch

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.decode import decode
from trainstudy.multitask.metrics import SCORES, at_original_size
from trainstudy.multitask.network import (
    Network,
    Outputs,
    cls_logits,
    det_maps,
    normalise,
    seg_logits,
)

BATCH = {"cpu": 8, "cuda": 64}  # images


def evaluate(
    network: Network, sets: Mapping[str, TaskSet], precision: torch.dtype = torch.float32
) -> dict[str, float]:
    """mIoU, mAP50, mAP and top1 in percent, and those of single classes, on the sets given by task.

    The network is to be in evaluation mode.
    """
    found: dict[str, float] = {}
    for task, dataset in sets.items():
        predictions = predict(network, dataset, precision)
        found |= SCORES[task](predictions, dataset)
    return found


def predict(
    network: Network, dataset: TaskSet, precision: torch.dtype = torch.float32
) -> list[Any]:
    """What the network says of every image in the set's task: a class map [h,w] at its original
    size, (boxes [n,4] in pixels of the square, scores [n], labels [n]), or a class."""
    device = next(network.parameters()).device
    enabled = precision != torch.float32
    predictions: list[Any] = []
    for first in range(0, len(dataset), BATCH[device.type]):
        chosen = range(first, min(first + BATCH[device.type], len(dataset)))
        pixels = torch.from_numpy(dataset.images[chosen.start : chosen.stop]).to(device)
        with torch.inference_mode(), torch.autocast(device.type, precision, enabled=enabled):
            outputs = network(normalise(pixels.permute(0, 3, 1, 2)))
        predictions += _READ[dataset.task](outputs, dataset, chosen)
    return predictions


def _class_maps(outputs: Outputs, dataset: TaskSet, chosen: range) -> list[Any]:
    side = dataset.images.shape[1]
    logits = seg_logits(outputs, (side, side))
    return [
        at_original_size(one, tuple(dataset.sizes[image].tolist()), float(dataset.scales[image]))
        for one, image in zip(logits, chosen, strict=True)
    ]


def _boxes(outputs: Outputs, dataset: TaskSet, chosen: range) -> list[Any]:
    return [tuple(part.cpu() for part in found) for found in decode(det_maps(outputs))]


def _classes(outputs: Outputs, dataset: TaskSet, chosen: range) -> list[Any]:
    classes: list[int] = cls_logits(outputs).argmax(1).tolist()
    return classes


_READ: dict[str, Callable[[Outputs, TaskSet, range], list[Any]]] = {
    "seg": _class_maps, "det": _boxes, "cls": _classes,
}  # fmt: skip
