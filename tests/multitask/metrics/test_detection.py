import contextlib
import io

import numpy as np
import pytest

from trainstudy.multitask.metrics import SCORES, detection_scores
from trainstudy.multitask.metrics.detection import ground_truth, results
from trainstudy.tasks import TASKS


def found(*rows):
    """What was found in an image: rows of (x1, y1, x2, y2, score, label) in original pixels."""
    rows = np.array(rows, float).reshape(-1, 6)
    return rows[:, :4] / 2, rows[:, 4], rows[:, 5].astype(int)


def test_by_hand(detected):
    dataset = detected(
        [(0, 0, 40, 40, 0, False), (100, 0, 140, 40, 0, False)], [(0, 0, 50, 50, 2, False)]
    )
    predictions = [
        # right, wrong place, right by an overlap of 0.6
        found((0, 0, 40, 40, 0.9, 0), (0, 60, 40, 99, 0.8, 0), (100, 0, 140, 24, 0.7, 0)),
        found((0, 0, 50, 50, 0.9, 1)),  # another class
    ]
    scores = detection_scores(predictions, dataset)
    # precision 1 up to a recall of a half (51 of the 101 points), then 2/3
    half, whole = 51 / 101, (51 + 50 * 2 / 3) / 101
    assert scores["AP50/person"] == pytest.approx(100 * whole)
    # the third is right at 0.5, 0.55 and 0.6
    assert scores["AP/person"] == pytest.approx(100 * (3 * whole + 7 * half) / 10)
    assert scores["AP50/mouse"] == scores["AP/mouse"] == 0
    assert "AP/banana" not in scores  # no true box: predicted or not, it does not count
    assert scores["mAP50"] == pytest.approx(scores["AP50/person"] / 2)
    assert scores["mAP"] == pytest.approx(scores["AP/person"] / 2)


def drawn(rng, detected, images=6):
    """Boxes of any kind, and predictions some of which are near them."""
    truth, predictions = [], []
    for _ in range(images):
        boxes, tried = [], []
        for _ in range(rng.integers(0, 6)):
            x, y = rng.uniform(0, 150), rng.uniform(0, 70)
            box = [x, y, x + rng.uniform(2, 50), y + rng.uniform(2, 30)]
            label = int(rng.integers(3))
            boxes.append((*box, label, bool(rng.random() < 0.2)))
            for _ in range(rng.integers(0, 4)):
                near = np.array(box) + rng.normal(0, 3, 4)
                tried.append((*near, rng.random(), label if rng.random() < 0.8 else 0))
        truth.append(boxes)
        predictions.append(found(*tried))
    truth.append([(0, 0, 20, 20, 1, False)])
    return detected(*truth), [*predictions, found()]


@pytest.mark.parametrize("seed", range(8))
def test_equals_pycocotools(detected, seed):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    dataset, predictions = drawn(np.random.default_rng(seed), detected)
    scores = detection_scores(predictions, dataset)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = ground_truth(dataset) | {"info": {}}
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results(predictions, dataset)), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    assert scores["mAP"] == pytest.approx(100 * evaluation.stats[0], abs=1e-6)
    assert scores["mAP50"] == pytest.approx(100 * evaluation.stats[1], abs=1e-6)
    assert 0 < scores["mAP"] < scores["mAP50"] < 100
    for name, number in zip(dataset.classes, dataset.category_ids, strict=True):
        place = evaluation.params.catIds.index(number)
        curves = evaluation.eval["precision"][:, :, place, 0, -1]
        expected = 100 * curves.mean() if (curves >= 0).all() else None
        assert scores.get(f"AP/{name}") == pytest.approx(expected, abs=1e-6)


def test_official_categories_and_xywh_of_the_original(detected):
    dataset = detected([(20, 40, 60, 100, 1, False)])
    (true,) = ground_truth(dataset)["annotations"]
    (given,) = results([found((-10, 40, 60, 130, 0.5, 2))], dataset)
    assert true["bbox"] == [20, 40, 40, 60]
    assert (true["category_id"], true["area"], true["id"]) == (52, 2400, 1)
    assert given["bbox"] == [0, 40, 60, 60]  # clipped to the image
    assert given["category_id"] == 14


def test_corners_taken_for_width_and_height_would_show(detected):
    dataset = detected([(40, 30, 60, 50, 0, False)])
    corners, scores, labels = found((40, 30, 60, 50, 0.5, 0))
    sides = corners - np.array([[0, 0, 20, 15]])  # x, y, width, height of the square's box
    assert detection_scores([(corners, scores, labels)], dataset)["mAP"] == 100
    assert detection_scores([(sides, scores, labels)], dataset)["mAP"] == 0


def test_boxes_around_crowds_are_neither_missed_nor_wrong(detected):
    dataset = detected([(0, 0, 40, 40, 0, False), (100, 0, 200, 100, 0, True)])
    right = (0, 0, 40, 40, 0.5, 0)
    inside = [(110, 10, 130, 40, 0.9, 0), (150, 50, 180, 90, 0.8, 0)]
    assert detection_scores([found(right)], dataset)["mAP"] == 100
    assert detection_scores([found(right, *inside)], dataset)["mAP"] == 100


def test_finding_nothing_scores_zero(detected):
    dataset = detected([(0, 0, 40, 40, 0, False)], [])
    assert detection_scores([found(), found()], dataset)["mAP50"] == 0
    assert detection_scores([([], [], [])] * 2, dataset)["mAP50"] == 0
    box = ([[0, 0, 20, 20]], [0.5], [0])  # lists do as arrays do
    assert detection_scores([box, ([], [], [])], dataset)["mAP50"] == 100


def test_faults_are_named(detected):
    dataset = detected([(0, 0, 40, 40, 0, False)])
    with pytest.raises(ValueError, match="2 predictions for the 1 images of mini/det"):
        detection_scores([found(), found()], dataset)
    with pytest.raises(ValueError, match=r"image0: labels 1 to 3; accepted: 0..2"):
        detection_scores([found((0, 0, 9, 9, 1, 3), (0, 0, 9, 9, 1, 1))], dataset)
    with pytest.raises(ValueError, match="mini/det: no box to evaluate on"):
        detection_scores([found()], detected([]))


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (([[0, 0, np.nan, 9]], [0.5], [0]), "a box is not a number"),
        (([[0, 0, 9, 9]], [np.nan], [0]), "a score is not a number"),
        (([0, 0, 9, 9], [0.5], [0]), r"of shapes \(4,\), \(1,\), \(1,\); not of n boxes"),
        (([[0], [0], [9], [9]], [0.5], [0]), r"of shapes \(4, 1\), "),
        (([[0, 0, 9, 9]], [0.5, 0.5], [0]), r"of shapes \(1, 4\), \(2,\), \(1,\)"),
        (([[0, 0, 9, 9]], [0.5], [[0]]), r"of shapes \(1, 4\), \(1,\), \(1, 1\)"),
        (([], [0.5], [0]), r"of shapes \(0, 4\), \(1,\)"),
    ],
)
def test_what_is_no_list_of_boxes_is_named_by_its_image(detected, box, said):
    dataset = detected([(0, 0, 40, 40, 0, False)], [])
    with pytest.raises(ValueError, match=f"mini/det, image1: .*{said}"):
        detection_scores([found(), box], dataset)


def test_each_task_has_a_score_it_is_compared_by():
    assert set(SCORES) == set(TASKS)
