import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.data.streets.camera import Camera, frontal

CAMERA = Camera(height=96, width=128, horizon=44.0, eye=1.6)
across = st.floats(-8, 8)
up = st.floats(0.1, 12)
ahead = st.floats(2, 80)
points = st.tuples(across, up, ahead)


def inverse_depth(plane, pixel):
    column, row = pixel
    dx = (column + 0.5 - CAMERA.width / 2) / CAMERA.focal
    dy = (row + 0.5 - CAMERA.horizon) / CAMERA.focal
    return plane[0] + plane[1] * dx + plane[2] * dy


@given(points, points, points, st.floats(0, 1), st.floats(0, 1))
def test_the_inverse_depth_of_a_plane_is_linear_in_the_image(p, q, r, a, b):
    p, q, r = np.array(p), np.array(q), np.array(r)
    inside = p + a * (1 - b) * (q - p) + b * (r - p)
    area = np.linalg.norm(np.cross(q - p, r - p))
    eye = np.array([0, CAMERA.eye, 0])
    distance = abs(np.dot(np.cross(q - p, r - p), eye - p)) / max(area, 1e-9)
    if area < 0.5 or distance < 0.3:
        return  # a line, or a plane seen edge-on
    plane = CAMERA.plane_through(tuple(p), tuple(q), tuple(r))
    ((column, row),) = CAMERA.project([tuple(inside)])
    assert inverse_depth(plane, (column, row)) == pytest.approx(1 / inside[2], rel=1e-6)


@given(across, ahead)
def test_ground_and_billboards_lie_where_they_should(x, z):
    (pixel,) = CAMERA.project([(x, 0.0, z)])
    assert inverse_depth(CAMERA.ground, pixel) == pytest.approx(1 / z)
    assert inverse_depth(frontal(z), pixel) == pytest.approx(1 / z)


def test_a_plane_through_the_eye_still_has_a_depth():
    assert CAMERA.plane_through((0, CAMERA.eye, 5), (1, CAMERA.eye, 5), (0, CAMERA.eye, 9)) == (
        0.2, 0.0, 0.0,
    )  # fmt: skip


@given(across, ahead)
def test_what_projects_into_the_image_is_seen(x, z):
    ((column, _),) = CAMERA.project([(x, 0.0, z)])
    assert CAMERA.sees(x, z, 0.0) == (-0.5 < column < CAMERA.width - 0.5)
