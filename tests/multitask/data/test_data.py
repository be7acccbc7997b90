import time

import numpy as np
import pytest

from trainstudy.multitask import data
from trainstudy.multitask.data import load
from trainstudy.tasks import TASKS


@pytest.mark.parametrize("task", TASKS)
def test_the_root_may_be_the_data_root_the_minis_or_the_environment(task, minis, monkeypatch):
    print_ = load(task, str(minis), 32).train.fingerprint
    assert load(task, str(minis / "mini"), 32).train.fingerprint == print_
    monkeypatch.setenv("TRAINSTUDY_DATA_ROOT", str(minis))
    assert load(task, None, 32).train.fingerprint == print_
    assert load(task, None, 16).train.fingerprint != print_


def test_what_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("TRAINSTUDY_DATA_ROOT", raising=False)
    with pytest.raises(FileNotFoundError, match=r"set data_root, .* or data_root to 'synthetic'"):
        load("seg", None, 32)
    with pytest.raises(FileNotFoundError, match=r"there is no .*mini/mini_voc_seg"):
        load("seg", str(tmp_path), 32)
    with pytest.raises(ValueError, match=r"unknown task 'depth'; accepted: seg, det, cls"):
        load("depth", "synthetic", 32)
    with pytest.raises(ValueError, match=r"size=8: accepted are whole numbers of pixels from 16"):
        load("seg", "synthetic", 8)


@pytest.mark.parametrize("task", TASKS)
def test_the_test_split_is_read_when_asked_and_checked_against_both(task, minis, monkeypatch):
    seen = []
    monkeypatch.setattr(
        data.splits, "check", lambda one, other: seen.append((one.name, other.name))
    )
    splits = load(task, str(minis), 32)
    train, val, test = (f"{splits.train.name.split('/')[0]}/{s}" for s in ("train", "val", "test"))
    assert seen == [(train, val)]
    assert splits.test().name == test
    assert seen[1:] == [(train, test), (val, test)]


COUNTS = {"seg": (240, 60, 138, 21), "det": (240, 60, 213, 10), "cls": (240, 60, 250, 10)}


@pytest.mark.parametrize("task", TASKS)
def test_the_real_minis(task, data_root):
    began = time.process_time()  # the machine may be busy with something else
    splits = load(task, str(data_root), 320)
    assert time.process_time() - began < 5
    train, test = splits.train, splits.test()
    assert (len(train), len(splits.val), len(test), len(train.classes)) == COUNTS[task]
    if task == "det":
        assert train.category_ids == (1, 14, 39, 42, 52, 65, 67, 73, 74, 88)
        assert train.classes[:2] == ("person", "parking meter")
        assert [int((s.labels >= 0).sum()) for s in (train, splits.val, test)] == [793, 167, 841]
        # every box lies in its image, not only in the square
        assert (train.boxes[..., 2:] <= train.extents[:, None, ::-1] + 0.5).all()
    else:
        expected = [*range(21), 255] if task == "seg" else range(10)
        assert np.unique(train.labels).tolist() == list(expected)
