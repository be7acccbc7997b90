import json

import numpy as np
import pytest

from trainstudy.multitask.data import detection


@pytest.fixture
def folder(minis):
    return minis / "mini" / "mini_coco_det"


@pytest.fixture
def change(folder):
    """A changer of the training JSON."""

    def edit(part: str, index: int, **values: object) -> None:
        path = folder / "annotations" / "instances_train.json"
        content = json.loads(path.read_text())
        content[part][index] |= values
        path.write_text(json.dumps(content))

    return edit


def test_boxes_become_corners_and_official_ids_classes(folder):
    train = detection.load(folder, "train", 80)
    assert (train.classes, train.category_ids) == (("person", "toothbrush"), (1, 90))
    np.testing.assert_array_equal(train.labels, [[1, 0], [1, -1]])
    # twice as large; what sticks out by a rounding error is clipped
    expected = [[[8, 4, 29, 16], [0, 0, 80, 48]], [[2, 2, 18, 18], [0, 0, 0, 0]]]
    np.testing.assert_array_equal(train.boxes, expected)
    np.testing.assert_array_equal(train.crowd, [[False, False], [True, False]])


@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        ("annotations", {"category_id": 2}, r"annotation 0: category_id 2; accepted: \[1, 90\]"),
        ("annotations", {"image_id": 5}, r"annotation 0 is of no image in it"),
        ("annotations", {"bbox": [4, 2, 0, 6]}, r"annotation 0: bbox \[4\.0, .*expected x, y, wid"),
        ("annotations", {"bbox": [4, 2, 6]}, r"annotation 0: bbox \[4\.0, .*expected x, y, width"),
        ("annotations", {"bbox": [4, 2, float("nan"), 6]}, r"annotation 0: bbox .*expected x, y"),
        # corners where width and height should be
        ("annotations", {"bbox": [20, 9, 38, 20]}, r"annotation 0: .*inside its image of 40x24"),
        ("annotations", {"bbox": [40, 9, 0.5, 20]}, r"annotation 0: .*inside its image of 40x24"),
        ("images", {"width": 48}, r"train0\.png: 40x24, .*instances_train\.json says 48x24"),
        ("images", {"file_name": "gone.png"}, r"train/gone\.png: no such image"),
        ("images", {"id": 71}, r"two of one id"),
        ("annotations", {"bbox": "x"}, r"train\.json: annotations\[0\]: bbox 'x'; expected a list"),
        ("annotations", {"bbox": [1, 2, 3, "x"]}, r"json: annotation 0: bbox .*four numbers"),
        ("annotations", {"category_id": None}, r"\[0\]: category_id None; expected a whole number"),
        ("images", {"height": "24"}, r"images\[0\]: height '24'; expected a whole number"),
        ("images", {"id": 1.5}, r"images\[0\]: id 1\.5; expected a whole number or a text"),
        ("categories", {"id": 1}, r"json: categories 'toothbrush' and 'person' have one id, 1"),
    ],
)
def test_what_is_wrong_is_named(folder, change, part, values, said):
    change(part, 0, **values)
    with pytest.raises(ValueError, match=said):
        detection.load(folder, "train", 80)


@pytest.mark.parametrize(
    ("part", "field"), [(part, field) for part, own in detection.FIELDS.items() for field in own]
)
def test_what_lacks_is_named(folder, part, field):
    path = folder / "annotations" / "instances_train.json"
    content = json.loads(path.read_text())
    del content[part][1][field]
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=rf"_train\.json: {part}\[1\]: {field} is missing"):
        detection.load(folder, "train", 80)
    path.write_text(json.dumps(content | {part: [3]}))
    with pytest.raises(ValueError, match=rf"_train\.json: {part}\[0\] is no object"):
        detection.load(folder, "train", 80)


def test_a_file_that_is_not_instances_is_refused(folder):
    path = folder / "annotations" / "instances_train.json"
    for content, said in (
        ("[1]", "expected a JSON object"),
        ('{"images": []}', "'categories'"),
        ('{"images": null}', "'images' is missing, or no list"),
    ):
        path.write_text(content)
        with pytest.raises(ValueError, match=rf"instances_train\.json: .*{said}"):
            detection.load(folder, "train", 80)
