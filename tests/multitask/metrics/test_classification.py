import numpy as np
import pytest

from trainstudy.multitask.metrics import top1_score


def test_share_of_the_set_and_not_a_mean_of_batches(classified):
    dataset = classified([0, 1, 2, 0, 1])
    predictions = [0, 1, 2, 0, 0]  # in batches of 4 and 1 the mean would be 50
    assert top1_score(predictions, dataset) == {"top1": 80.0}


@pytest.mark.parametrize("count", [0, 2, 4])
def test_needs_the_whole_set(classified, count):
    with pytest.raises(ValueError, match=f"{count} predictions for the 3 images of mini/cls"):
        top1_score([0] * count, classified([0, 1, 2]))


def test_set_of_another_task_is_an_error(segmented, classified):
    with pytest.raises(ValueError, match="mini/seg is a set of 'seg', not of 'cls'"):
        top1_score([0], segmented(np.zeros((2, 2), np.uint8)))


@pytest.mark.parametrize("predictions", [[[0], [1], [0], [0]], [[0, 1]] * 4])
def test_anything_but_a_class_an_image_is_an_error(classified, predictions):
    # [4,1] and [4] would be compared as [4,4]
    with pytest.raises(ValueError, match=r"mini/cls: .*of shape \(4, .\); expected \(4,\)"):
        top1_score(predictions, classified([0, 1, 2, 0]))
