import cv2
import numpy as np

from trainstudy.strategies._automold import shadow


def test_a_shadow_is_one_polygon_of_half_the_light_in_the_lower_half():
    grey = np.full((180, 320, 3), 100, np.uint8)
    for seed in range(10):
        seen = shadow.apply(grey, np.random.default_rng(seed))[..., 0]
        assert set(np.unique(seen)) == {50, 100}
        assert (seen[:90] == 100).all()
        dark = (seen == 50).astype(np.uint8)
        hull = cv2.convexHull(np.argwhere(dark).astype(np.int32))
        assert len(hull) >= 3
