"""A network small enough for tests, sets of all three tasks, and training on them."""

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.losses.detection import detection_loss
from trainstudy.multitask.network import (
    Network,
    cls_logits,
    det_maps,
    normalise,
    seg_logits,
)
from trainstudy.multitask.remedies import Past
from trainstudy.tasks import TASKS

torch.set_num_threads(1)
SIDE = 32
CLASSES = {"seg": 3, "det": 2, "cls": 4}


class TinyBackbone(nn.Module):
    """Levels at strides 8, 16 and 32, with batch norm."""

    def __init__(self):
        super().__init__()
        self.feature_info = SimpleNamespace(channels=lambda: [8, 8, 8])
        self.levels = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, 8, stride, stride), nn.BatchNorm2d(8), nn.ReLU())
            for before, stride in ((3, 8), (8, 2), (8, 2))
        )

    def forward(self, images):
        found = [images]
        for level in self.levels:
            found.append(level(found[-1]))
        return found[1:]


def made(norm):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Network(TinyBackbone(), CLASSES, norm=norm)


@pytest.fixture
def network():
    return made("frozen")


def task_set(task, count=6):
    """Cells of 8 pixels, the brighter the higher their class."""
    rng = np.random.default_rng(TASKS.index(task))
    cells = rng.integers(0, 3, (count, SIDE // 8, SIDE // 8), dtype=np.uint8)
    cells = cells.repeat(8, 1).repeat(8, 2)
    noise = rng.integers(0, 64, (count, SIDE, SIDE, 3), dtype=np.uint8)
    images = cells[..., None] * np.uint8(90) + noise
    classes = tuple(map(str, range(CLASSES[task])))
    given = {
        "seg": {"labels": cells, "originals": tuple(cells)},
        "cls": {"labels": rng.integers(0, 4, count)},
        "det": {
            "labels": rng.integers(0, 2, (count, 1)),
            "boxes": np.tile(np.float32([4, 4, 20, 24]), (count, 1, 1)),
            "crowd": np.zeros((count, 1), dtype=bool),
            "category_ids": (1, 2),
        },
    }[task]
    names = tuple(map(str, range(count)))
    sizes, scales = np.full((count, 2), SIDE), np.ones(count)
    return TaskSet(task, f"tiny/{task}", classes, images, sizes, scales, names, **given)


def pixels(dataset, indices):
    return normalise(torch.from_numpy(dataset.images[list(indices)]).permute(0, 3, 1, 2))


def loss_of(outputs, dataset, indices):
    labels = torch.from_numpy(dataset.labels[list(indices)]).long()
    if dataset.task == "seg":
        return F.cross_entropy(seg_logits(outputs, (SIDE, SIDE)), labels)
    if dataset.task == "cls":
        return F.cross_entropy(cls_logits(outputs), labels)
    boxes = torch.from_numpy(dataset.boxes[list(indices)])
    return detection_loss(det_maps(outputs), boxes, labels)


def loss(task, network, dataset, indices):
    assert dataset.task == task
    return loss_of(network(pixels(dataset, indices)), dataset, indices)


def train(network, task, remedies=(), steps=20, rate=3e-3):
    """Some iterations of one task with remedies that have begun; the network itself."""
    dataset = task_set(task)
    indices = range(len(dataset))
    images = pixels(dataset, indices)
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=0.1)
    network.train()
    for _ in range(steps):
        optimizer.zero_grad()
        outputs = network(images)
        total = loss_of(outputs, dataset, indices)
        for remedy in remedies:
            if (penalty := remedy.penalty(network, images, outputs)) is not None:
                total = total + penalty
        total.backward()
        optimizer.step()
    return network.eval()


def past_of(network, *tasks):
    """Stages that all ended with the weights the network has now."""
    weights = deepcopy(network.state_dict())
    return Past(tasks, (weights,) * len(tasks), tuple(map(task_set, tasks)))


def begin(remedies, network, past, seed=0):
    for remedy in remedies:
        remedy.begin(network, past, loss, seed)
    for remedy in remedies:
        remedy.freeze(network)
    return remedies


@pytest.fixture
def toy():
    """The functions above, which tests cannot import from here."""
    return SimpleNamespace(
        begin=begin, loss=loss, network=made, past_of=past_of, pixels=pixels, task_set=task_set,
        train=train,
    )  # fmt: skip
