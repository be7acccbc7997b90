import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.data.outlines import OUTLINES
from trainstudy.multitask.data.scenes import KINDS, draw


def test_outlines_stay_within_their_circle_and_keep_it_filled():
    assert len(OUTLINES) == 5
    for outer, *_ in OUTLINES.values():
        reach = np.hypot(*outer.T)
        assert reach.max() <= 1 + 1e-9
        assert reach.max() > 0.9


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), index=st.integers(0, 10**6), size=st.integers(16, 96))
def test_mask_boxes_and_class_agree(seed, index, size):
    scene = draw(seed, index, size)
    assert max(scene.mask.shape) == size
    assert scene.image.shape == (*scene.mask.shape, 3)
    assert scene.kinds[0] == index % len(KINDS)
    inside = np.zeros(scene.mask.shape, bool)
    for kind, (x1, y1, x2, y2) in zip(scene.kinds, scene.boxes.astype(int), strict=True):
        part = scene.mask[y1:y2, x1:x2] == kind + 1
        # its own pixels reach all four sides
        assert all(line.any() for line in (part[0], part[-1], part[:, 0], part[:, -1]))
        inside[y1:y2, x1:x2] = True
    assert not scene.mask[~inside].any()
    areas = np.prod(scene.boxes[:, 2:] - scene.boxes[:, :2], axis=1)
    assert areas.argmax() == 0


def test_a_scene_is_a_function_of_seed_and_index():
    first = draw(3, 5, 48)
    np.testing.assert_array_equal(draw(3, 5, 48).image, first.image)
    assert not np.array_equal(draw(4, 5, 48).image, first.image)
    # the resolution changes nothing else
    larger = draw(3, 5, 96)
    np.testing.assert_array_equal(larger.kinds, first.kinds)
    np.testing.assert_allclose(larger.boxes / 2, first.boxes, atol=1.5)
