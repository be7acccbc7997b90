import numpy as np
import pytest

from trainstudy.multitask.data import load, splits, synthetic
from trainstudy.tasks import TASKS


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(synthetic, "COUNTS", {"train": 20, "val": 10, "test": 10})
    synthetic._split.cache_clear()
    yield
    synthetic._split.cache_clear()


@pytest.mark.parametrize("task", TASKS)
def test_every_split_shows_every_class(task):
    drawn = load(task, "synthetic", 64)
    assert len(drawn.train.classes) == {"seg": 6, "det": 5, "cls": 5}[task]
    kinds = drawn.train.labels
    if task == "seg":
        kinds = kinds[(kinds > 0) & (kinds < 255)].astype(int) - 1
    assert np.unique(kinds[kinds >= 0]).tolist() == list(range(5))
    splits.check(drawn.train, drawn.val)
    splits.check(drawn.val, drawn.test())


def test_tasks_share_their_kinds_but_no_image():
    seg, det, cls = (load(task, "synthetic", 64).train for task in TASKS)
    assert seg.classes == ("background", *det.classes)
    assert det.classes == cls.classes
    images = np.concatenate([seg.images, det.images, cls.images])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


def test_what_lies_beyond_a_scene_is_ignored():
    train = load("seg", "synthetic", 64).train
    for label, original, (height, width) in zip(
        train.labels, train.originals, train.extents, strict=True
    ):
        np.testing.assert_array_equal(label[:height, :width], original)
        assert (label[height:] == 255).all()
        assert (label[:, width:] == 255).all()
