import pytest
import torch
from torch import nn

from trainstudy.multitask import scores
from trainstudy.multitask.network import CHANNELS, STRIDES, Outputs
from trainstudy.multitask.scores import evaluate, predict


class Oracle(nn.Module):
    """A network that says the same class everywhere in an image, from a list, image after image."""

    def __init__(self, task, classes):
        super().__init__()
        self.place = nn.Parameter(torch.zeros(()), requires_grad=False)
        self.task, self.classes, self.sizes = task, classes, []

    def forward(self, images):
        done = sum(self.sizes)
        self.sizes.append(len(images))
        maps = []
        for stride in STRIDES:
            side = -(-images.shape[-1] // stride)
            level = torch.zeros(len(images), CHANNELS["cls"].stop, side, side)
            for row in range(len(images)):
                level[row, CHANNELS[self.task].start + self.classes[done + row]] = 5.0
            maps.append(level)
        return Outputs(tuple(maps), (), CHANNELS)


def test_batches_of_any_size_give_each_image_its_own_prediction(few, monkeypatch):
    monkeypatch.setitem(scores.BATCH, "cpu", 3)
    dataset = few["cls"].train
    oracle = Oracle("cls", dataset.labels.tolist())
    assert predict(oracle, dataset) == dataset.labels.tolist()
    assert oracle.sizes == [3, 3, 2]
    assert evaluate(Oracle("cls", dataset.labels.tolist()), {"cls": dataset}) == {"top1": 100.0}


@pytest.mark.parametrize("wrong", [1, 3])
def test_wrong_classes_cost_their_share(few, wrong):
    dataset = few["cls"].train
    said = dataset.labels.copy()
    said[:wrong] = (said[:wrong] + 1) % len(dataset.classes)
    found = evaluate(Oracle("cls", said.tolist()), {"cls": dataset})
    assert found["top1"] == pytest.approx(100 * (1 - wrong / len(dataset)))


def test_class_maps_have_the_size_of_the_original(few):
    dataset = few["seg"].val
    found = predict(Oracle("seg", [2] * len(dataset)), dataset)
    for one, size in zip(found, dataset.sizes.tolist(), strict=True):
        assert one.shape == tuple(size)
        assert (one == 2).all()
