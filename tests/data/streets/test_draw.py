import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.data.classes import BUILDING, CLASSES, ROAD, SKY
from trainstudy.data.streets import CITIES, _majority, draw

cities = st.sampled_from(sorted(CITIES))


def same(a, b):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for name in ("image", "label", "depth", "glow")
    )


@settings(max_examples=15)
@given(cities, st.integers(0, 2**40), st.integers(0, 10**6))
def test_a_scene_is_a_function_of_its_arguments_and_of_nothing_drawn_before(city, seed, index):
    before = np.random.get_state()[1].copy()
    scene = draw(city, seed, index, 32, 48)
    draw(city, seed, index + 1, 32, 48)
    assert same(scene, draw(city, seed, index, 32, 48))
    assert not same(scene, draw(city, seed, index + 1, 32, 48))
    assert not same(scene, draw(city, seed + 1, index, 32, 48))
    assert (np.random.get_state()[1] == before).all()


@settings(max_examples=15)
@given(cities, st.integers(0, 1000), st.integers(8, 40), st.integers(8, 60))
def test_the_parts_of_a_scene_fit_together_at_any_size(city, index, rows, columns):
    height, width = 2 * rows, 2 * columns + 1
    scene = draw(city, 0, index, height, width)
    assert scene.image.shape == scene.glow.shape == (height, width, 3)
    assert scene.label.shape == scene.depth.shape == (height, width)
    dtypes = scene.image.dtype, scene.label.dtype, scene.depth.dtype, scene.glow.dtype
    assert dtypes == (np.uint8, np.uint8, np.float32, np.float32)
    assert scene.label.max() < len(CLASSES)
    assert (scene.depth > 0).all()
    np.testing.assert_array_equal(np.isinf(scene.depth), scene.label == SKY)


@pytest.mark.parametrize("city", sorted(CITIES))
def test_every_class_occurs_in_many_scenes_and_road_houses_and_sky_dominate(city):
    scenes = [draw(city, 1, i).label for i in range(50)]
    counts = np.array([np.bincount(s.ravel(), minlength=len(CLASSES)) for s in scenes])
    assert ((counts >= 10).mean(axis=0) > 0.5).all()
    shares = counts.sum(axis=0) / counts.sum()
    assert shares[[ROAD, BUILDING, SKY]].sum() > 0.6
    assert (shares > 0.002).all()


@pytest.mark.parametrize("city", sorted(CITIES))
def test_the_road_recedes_row_by_row_as_flat_ground_does(city):
    for index in range(10):
        scene = draw(city, 2, index)
        road = np.where(scene.label == ROAD, scene.depth, np.nan)
        rows = np.flatnonzero((scene.label == ROAD).sum(axis=1) > 5)
        depth = np.nanmedian(road[rows], axis=1)
        spread = np.nanmax(road[rows], axis=1) - np.nanmin(road[rows], axis=1)
        assert (np.diff(depth) < 0).all()
        assert (spread < 1e-3 * depth).all()
        # 1/z grows by the same step from row to row
        steps = np.diff(1 / depth) / np.diff(rows)
        np.testing.assert_allclose(steps, steps[0], rtol=2e-2)


@pytest.mark.parametrize("city", sorted(CITIES))
def test_size_changes_the_resolution_and_not_the_street(city):
    for index in range(5):
        small, large = draw(city, 3, index, 96, 128), draw(city, 3, index, 288, 384)
        shrunk = large.label[1::3, 1::3]
        assert (shrunk == small.label).mean() > 0.9
        image = cv2.resize(large.image, (128, 96), interpolation=cv2.INTER_AREA)
        assert np.abs(image.astype(int) - small.image).mean() < 12


def test_majority_never_invents_a_number():
    ids = np.array([[1, 9, 5, 6], [9, 3, 7, 7], [2, 2, 1, 2], [2, 8, 3, 4]], np.int32)
    np.testing.assert_array_equal(_majority(ids), [[9, 7], [2, 1]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("atlantis", 0, 0), "unknown city 'atlantis'; accepted: new_town, old_town"),
        (("new_town", -1, 0), "seed=-1"),
        (("new_town", 0, -2), "index=-2"),
        (("new_town", 0, 0, 8), "height=8"),
        (("new_town", 0, 0, 96, 15), "width=15"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw(*arguments)
