import pytest
import torch

from trainstudy.multitask.data.store import Samples
from trainstudy.multitask.losses import classification_loss, detection_loss, segmentation_loss
from trainstudy.multitask.network import (
    CHANNELS,
    STRIDES,
    Outputs,
    cls_logits,
    det_maps,
    seg_logits,
)
from trainstudy.multitask.objective import Objective

CHOSEN = Objective(seg="ce_dice", det="varifocal", cls="focal", smoothing=0.2)
PLAIN = Objective(seg="ce", det="quality_focal", cls="ce", smoothing=0.0)


@pytest.fixture
def outputs():
    torch.manual_seed(0)
    maps = [torch.rand(2, CHANNELS["cls"].stop, 64 // stride, 64 // stride) for stride in STRIDES]
    return Outputs(tuple(maps), (), CHANNELS)


IMAGES = torch.zeros(2, 3, 64, 64, dtype=torch.uint8)


def test_each_task_has_the_loss_of_its_kind(outputs):
    labels = torch.randint(0, 21, (2, 64, 64), dtype=torch.uint8)
    found = CHOSEN("seg", outputs, Samples(IMAGES, labels, None))
    assert found == segmentation_loss(seg_logits(outputs, (64, 64)), labels, "ce_dice", 0.2)

    boxes, classes = torch.tensor([[[8.0, 8, 40, 40]]] * 2), torch.tensor([[1], [-1]])
    found = CHOSEN("det", outputs, Samples(IMAGES, classes, boxes))
    assert found == detection_loss(det_maps(outputs), boxes, classes, "varifocal")

    labels = torch.tensor([1, 4])
    found = CHOSEN("cls", outputs, Samples(IMAGES, labels, None))
    assert found == classification_loss(cls_logits(outputs), labels, 0.2, "focal")


def test_smoothing_is_of_the_labels_of_segmentation_and_classification(outputs):
    smooth = Objective("ce", "quality_focal", "ce", 0.3)
    seg = Samples(IMAGES, torch.ones(2, 64, 64, dtype=torch.uint8), None)
    cls = Samples(IMAGES, torch.tensor([1, 4]), None)
    det = Samples(IMAGES, torch.tensor([[1], [2]]), torch.tensor([[[8.0, 8, 40, 40]]] * 2))
    for task, samples, differs in (("seg", seg, True), ("cls", cls, True), ("det", det, False)):
        one, other = (objective(task, outputs, samples) for objective in (PLAIN, smooth))
        assert (one != other) == differs, task
