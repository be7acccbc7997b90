import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trainstudy.multitask.metrics import at_original_size, iou_scores


def maps(*rows):
    return [np.array(row, np.uint8)[None] for row in rows]


def test_by_hand_with_background_and_without_ignored_pixels(segmented):
    truth = maps([0, 0, 0, 1, 1, 255], [0, 1, 2, 2])
    found = maps([0, 0, 1, 1, 1, 2], [0, 1, 2, 0])
    scores = iou_scores(found, segmented(*truth))
    expected = {"IoU/person": 3 / 5, "IoU/banana": 3 / 4, "IoU/mouse": 1 / 2}
    assert scores == pytest.approx(
        {name: 100 * value for name, value in expected.items()}
        | {"mIoU": 100 * np.mean(list(expected.values()))}
    )


def test_summed_over_the_set_and_not_averaged_over_images(segmented):
    truth, found = maps([0, 0, 0, 1], [1]), maps([0, 0, 0, 0], [1])
    by_image = np.mean([(3 / 4 + 0) / 2, 1])
    scores = iou_scores(found, segmented(*truth))
    assert scores["mIoU"] == pytest.approx(100 * (3 / 4 + 1 / 2) / 2)
    assert scores["mIoU"] != pytest.approx(100 * by_image)


def test_a_class_neither_labelled_nor_predicted_does_not_count(segmented):
    dataset = segmented(*maps([0, 0, 1, 1]))
    assert iou_scores(maps([0, 0, 1, 1]), dataset)["mIoU"] == 100
    scores = iou_scores(maps([0, 0, 1, 2]), dataset)  # predicted only: it counts as 0
    assert scores["IoU/mouse"] == 0
    assert scores["mIoU"] == pytest.approx(50)


def test_axes_are_not_swapped(segmented):
    # ignored pixels follow the labels: predicting 1 there is no fault, and missing 1 elsewhere is
    scores = iou_scores(maps([1, 1, 0]), segmented(*maps([255, 1, 1])))
    assert scores["IoU/banana"] == 50
    assert scores["IoU/person"] == 0


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31))
def test_order_of_the_images_does_not_matter_and_truth_scores_100(segmented, seed):
    rng = np.random.default_rng(seed)
    truth = [rng.integers(0, 3, rng.integers(2, 9, 2)).astype(np.uint8) for _ in range(4)]
    found = [rng.integers(0, 3, one.shape).astype(np.uint8) for one in truth]
    scores = iou_scores(found, segmented(*truth))
    assert iou_scores(found[::-1], segmented(*truth[::-1])) == scores
    assert iou_scores(truth, segmented(*truth))["mIoU"] == 100


def test_palette_masks_read_as_grey_levels_are_an_error(segmented):
    mask = Image.fromarray(np.array([[0, 1], [2, 255]], np.uint8), mode="P")
    mask.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0] + [0] * 756 + [224, 224, 192])
    ids, grey = np.asarray(mask), np.asarray(mask.convert("L"))
    assert iou_scores([ids.clip(0, 2)], segmented(ids))["mIoU"] == 100
    with pytest.raises(ValueError, match=r"mini/seg, image0: label \d+; accepted: 0..2"):
        iou_scores([ids.clip(0, 2)], segmented(grey))
    with pytest.raises(ValueError, match=r"image0: prediction 255; accepted: 0..2"):
        iou_scores([ids], segmented(ids))


def test_a_negative_class_is_an_error(segmented):
    truth = segmented(*maps([0, 1]))
    with pytest.raises(ValueError, match=r"image0: prediction -1; accepted: 0\.\.2"):
        iou_scores([np.array([[0, -1]])], truth)


def test_other_sizes_and_unlabelled_sets_are_errors(segmented):
    with pytest.raises(ValueError, match=r"image1: prediction of shape \(1, 2\), labels \(1, 3\)"):
        iou_scores(maps([0], [0, 0]), segmented(*maps([0], [0, 0, 0])))
    with pytest.raises(ValueError, match="no labelled pixel"):
        iou_scores(maps([0, 1]), segmented(*maps([255, 255])))


def test_logits_of_the_square_become_classes_of_the_original():
    logits = torch.zeros(3, 8, 8)
    logits[1, :4, :4] = 1  # the left half of an image of 10 x 20, at 0.4
    logits[0, :4, 4:] = 1
    logits[2, 4:] = 9  # the rest of the square, which is no part of it
    found = at_original_size(logits, (10, 20), 0.4)
    assert found.dtype == np.uint8
    assert (found == np.repeat([1, 0], 10)[None].repeat(10, 0)).all()
