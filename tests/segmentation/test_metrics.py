import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from mmseg.evaluation import IoUMetric

from trainstudy.segmentation.metrics import confusion, iou, summarise

maps = st.integers(0, 2**32 - 1)


@given(seed=maps, ignored=st.floats(0, 0.5))
def test_equals_counting_by_hand(seed, ignored):
    rng = np.random.default_rng(seed)
    prediction, label = rng.integers(0, 4, (2, 3, 6, 5))
    label[rng.random(label.shape) < ignored] = 255
    expected = np.zeros((3, 4, 4), dtype=np.int64)
    for image, row, column in np.ndindex(label.shape):
        if label[image, row, column] != 255:
            expected[image, label[image, row, column], prediction[image, row, column]] += 1
    found = confusion(torch.from_numpy(prediction), torch.from_numpy(label), 4)
    assert (found.numpy() == expected).all()


def test_equals_mmsegmentation():
    rng = np.random.default_rng(0)
    # class 4 is nowhere: it must not count as zero
    prediction, label = rng.integers(0, 4, (2, 5, 40, 30))
    label[:, :3] = 255
    tensors = [torch.from_numpy(part) for part in (prediction, label)]
    metric = IoUMetric(iou_metrics=["mIoU"])
    metric.dataset_meta = {"classes": tuple("abcde")}
    metric.results = [
        metric.intersect_and_union(one, truth, 5, 255) for one, truth in zip(*tensors, strict=True)
    ]
    reference = metric.compute_metrics(metric.results)
    found = summarise(confusion(*tensors, 5).numpy(), ("day",) * 5)
    assert found["mIoU"] == pytest.approx(reference["mIoU"], abs=0.01)
    assert found["aAcc"] == pytest.approx(reference["aAcc"], abs=0.01)
    assert found["mAcc"] == pytest.approx(reference["mAcc"], abs=0.01)


def test_a_perfect_prediction_scores_100_in_every_domain():
    confusions = np.stack([np.diag([5, 0, 7])] * 4)
    found = summarise(confusions, ("day", "dusk", "day", "dusk"))
    assert found == {
        "mIoU": 100.0, "mAcc": 100.0, "aAcc": 100.0, "domains": {"day": 100.0, "dusk": 100.0},
    }  # fmt: skip


def test_mean_over_the_data_set_and_not_over_images():
    one = np.array([[[9, 1], [0, 0]], [[0, 0], [0, 10]]])
    assert summarise(one, ("d", "d"))["mIoU"] == pytest.approx(
        100 * np.mean([9 / 10, 10 / 11]), 1e-4
    )


def test_nothing_labelled_is_an_error():
    with pytest.raises(ValueError, match="no labelled pixel"):
        summarise(np.zeros((2, 3, 3), dtype=np.int64), ("d", "d"))


def test_iou_of_an_absent_class_is_not_a_number():
    assert np.isnan(iou(np.diag([4, 0]))[1])
