import shutil
from dataclasses import replace

import pytest

from trainstudy.multitask.data import load
from trainstudy.multitask.data.splits import check


def test_an_image_that_two_splits_share_is_found_by_name_and_by_pixels(minis):
    folder = minis / "mini" / "mini_voc_seg"
    for part, name in (("images", "train1"), ("masks", "train1")):
        shutil.copy(folder / "train" / part / f"{name}.png", folder / "test" / part / "copy.png")
    splits = load("seg", str(minis), 32)
    with pytest.raises(ValueError, match=r"train/train1 and mini_voc_seg/test/copy are the same"):
        splits.test()
    renamed = replace(splits.val, names=("train1", "other"))
    with pytest.raises(ValueError, match=r"mini_voc_seg/val share the image train1"):
        check(splits.train, renamed)


def test_splits_have_the_same_classes(minis):
    splits = load("det", str(minis), 32)
    with pytest.raises(ValueError, match=r"mini_coco_det/val: category_ids \(2, 90\); .*\(1, 90\)"):
        check(splits.train, replace(splits.val, category_ids=(2, 90)))
