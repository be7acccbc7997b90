import json
import shutil
from dataclasses import replace

import numpy as np
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


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_split_without_a_box_is_refused_when_it_is_read(minis, split):
    path = minis / "mini" / "mini_coco_det" / "annotations" / f"instances_{split}.json"
    content = json.loads(path.read_text())
    content["annotations"] = [one for one in content["annotations"] if one["iscrowd"]]
    assert content["annotations"]
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=rf"mini_coco_det/{split}: no box, but for those around"):
        load("det", str(minis), 32).test()


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_split_without_a_labelled_pixel_is_refused_when_it_is_read(minis, save, split):
    masks = sorted((minis / "mini" / "mini_voc_seg" / split / "masks").iterdir())
    width = {"train": 40, "val": 44, "test": 48}[split]
    for mask in masks:
        load("seg", str(minis), 32).test()  # one mask with labels is enough
        save(mask, np.full((24, width), 255, np.uint8))
    with pytest.raises(ValueError, match=rf"mini_voc_seg/{split}: no labelled pixel"):
        load("seg", str(minis), 32).test()
