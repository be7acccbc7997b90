from dataclasses import replace

import numpy as np
import pytest

from trainstudy.multitask.data import load
from trainstudy.tasks import TASKS


@pytest.fixture(params=TASKS)
def dataset(request, minis):
    return load(request.param, str(minis), 32).train


def test_parts_that_do_not_fit_are_named(dataset):
    with pytest.raises(ValueError, match=rf"{dataset.name}: labels of shape .*; expected"):
        replace(dataset, labels=dataset.labels[:1])
    with pytest.raises(ValueError, match=r"task 'depth'; accepted: seg, det, cls"):
        replace(dataset, task="depth")
    with pytest.raises(ValueError, match=r"1 images have the name of another"):
        replace(dataset, names=(dataset.names[0], *dataset.names[:1], *dataset.names[2:]))


def test_the_fingerprint_is_of_the_content_and_nothing_else(dataset):
    assert replace(dataset, name="copy").fingerprint == dataset.fingerprint
    changed = {
        part: value + 1
        for part in ("images", "labels", "sizes", "scales", "boxes")
        if (value := getattr(dataset, part)) is not None
    }
    changed |= {"classes": (*dataset.classes[1:], "other")}
    if dataset.task == "det":
        changed |= {"category_ids": (2, 90), "crowd": ~dataset.crowd}
    if dataset.task == "seg":
        changed["originals"] = tuple(np.zeros_like(mask) for mask in dataset.originals)
    prints = {replace(dataset, **{part: value}).fingerprint for part, value in changed.items()}
    assert len(prints | {dataset.fingerprint}) == len(changed) + 1
