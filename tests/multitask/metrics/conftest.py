"""Sets with labels of one's choice and blank images of 100 x 200 pixels, squares at half size."""

from dataclasses import replace

import numpy as np
import pytest

from trainstudy.multitask.data import TaskSet

SIZE, SCALE = (100, 200), 0.5
CLASSES = ("person", "banana", "mouse")


def blank(task, count, labels, **more):
    return TaskSet(
        task=task,
        name=f"mini/{task}",
        classes=CLASSES,
        images=np.zeros((count, 100, 100, 3), np.uint8),
        sizes=np.tile(SIZE, (count, 1)),
        scales=np.full(count, SCALE),
        names=tuple(f"image{i}" for i in range(count)),
        labels=labels,
        **more,
    )


@pytest.fixture(scope="session")
def classified():
    return lambda labels: blank("cls", len(labels), np.array(labels))


@pytest.fixture(scope="session")
def segmented():
    """From label maps [h,w] of any sizes."""

    def make(*originals):
        labels = np.full((len(originals), 100, 100), 255, np.uint8)
        made = blank("seg", len(originals), labels, originals=originals)
        return replace(made, sizes=np.array([one.shape for one in originals]))

    return make


@pytest.fixture(scope="session")
def detected():
    """From lists of (x1, y1, x2, y2, label, crowd) in original pixels, one list an image."""

    def make(*images):
        most = max(map(len, images)) + 1
        boxes = np.zeros((len(images), most, 4), np.float32)
        labels, crowd = np.full(boxes.shape[:2], -1), np.zeros(boxes.shape[:2], bool)
        for image, found in enumerate(images):
            for slot, (*box, label, group) in enumerate(found):
                boxes[image, slot] = np.array(box) * SCALE
                labels[image, slot], crowd[image, slot] = label, group
        numbers = {"category_ids": (1, 52, 14)}  # with gaps, and not in order
        return blank("det", len(images), labels, boxes=boxes, crowd=crowd, **numbers)

    return make
