import numpy as np
import pytest

from trainstudy.data import classes


def test_the_named_ids_are_the_positions_of_the_names():
    ids = (
        classes.SKY, classes.BUILDING, classes.POLE, classes.ROAD, classes.PAVEMENT, classes.TREE,
        classes.SIGN, classes.FENCE, classes.CAR, classes.PEDESTRIAN, classes.BICYCLIST,
    )  # fmt: skip
    assert ids == tuple(range(len(classes.CLASSES)))
    assert classes.CLASSES[classes.SIGN] == "SignSymbol"
    assert classes.IGNORE not in ids


def test_every_class_has_a_colour_of_its_own():
    assert classes.PALETTE.shape == (len(classes.CLASSES), 3)
    assert len(np.unique(classes.PALETTE, axis=0)) == len(classes.CLASSES)


@pytest.mark.parametrize("names", [classes.CLASSES, classes.CITYSCAPES, tuple("abc"), range(40)])
def test_classes_of_any_data_set_can_be_told_apart_by_colour(names):
    colours = classes.palette(names)
    assert colours.dtype == np.uint8
    assert len(np.unique(colours, axis=0)) == len(names)
