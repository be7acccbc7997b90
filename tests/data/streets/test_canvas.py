import numpy as np

from trainstudy.data.classes import BUILDING, CAR, POLE
from trainstudy.data.streets.camera import Camera, frontal
from trainstudy.data.streets.canvas import Canvas

CAMERA = Camera(height=96, width=128, horizon=48.0, eye=1.5)
SQUARE = [(-2.0, 0.5, 10.0), (2.0, 0.5, 10.0), (2.0, 2.5, 10.0), (-2.0, 2.5, 10.0)]


def test_what_is_painted_later_hides_what_was_there_in_colour_and_surface():
    canvas = Canvas(CAMERA)
    far = canvas.surface(BUILDING, frontal(10.0))
    near = canvas.surface(CAR, frontal(5.0))
    canvas.polygon(SQUARE, (10, 20, 30), far)
    canvas.polygon([(x / 4, 1.5 + (y - 1.5) / 4, 5.0) for x, y, _ in SQUARE], (200, 0, 0), near)
    ids = canvas.ids()
    assert set(np.unique(ids)) == {0, far, near}
    assert (canvas.buffer[ids == near, :3] == (200, 0, 0)).all()
    assert (canvas.buffer[ids == far, :3] == (10, 20, 30)).all()
    assert ids[48, 64] == near


def test_depth_comes_from_the_surface_and_the_sky_has_none():
    canvas = Canvas(CAMERA)
    canvas.polygon(SQUARE, (1, 1, 1), canvas.surface(BUILDING, frontal(10.0)))
    depth = canvas.depth(canvas.ids(), CAMERA)
    assert np.isinf(depth[canvas.ids() == 0]).all()
    np.testing.assert_allclose(depth[canvas.ids() == 1], 10.0, rtol=1e-6)


def test_a_lamp_on_a_post_is_a_surface_that_glows():
    canvas = Canvas(CAMERA)
    pen = canvas.billboard(0.0, 8.0, POLE)
    pen.stroke([(0, 0), (0, 3)], 0.1, (90, 90, 90))
    pen.disc((0, 3), 0.2, (250, 250, 200), glow=(255, 200, 100))
    shown = np.unique(canvas.ids())[1:]
    assert [canvas.labels[i] for i in shown] == [POLE, POLE]
    assert [canvas.glows[i] for i in shown] == [(0, 0, 0), (255, 200, 100)]


def test_even_a_far_post_covers_a_pixel():
    canvas = Canvas(CAMERA)
    canvas.billboard(0.0, 300.0, POLE).stroke([(0, 0), (0, 4)], 0.05, (90, 90, 90))
    assert (canvas.ids() > 0).any()
