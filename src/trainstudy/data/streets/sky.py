"""The sky, and what closes the view at the end of the street."""

import cv2
import numpy as np

from trainstudy.data.classes import BUILDING, TREE
from trainstudy.data.streets.camera import FOCAL, frontal
from trainstudy.data.streets.canvas import Canvas, shade
from trainstudy.data.streets.layout import END
from trainstudy.data.streets.noise import tile
from trainstudy.data.streets.plan import Street

HAZE = np.array((204, 216, 226), np.float32)
"""Colour of the sky at the horizon, and of what is far away."""
_ZENITH = np.array((84, 138, 200), np.float32)
_CLOUD = np.array((250, 250, 250), np.float32)


def paint_sky(canvas: Canvas, street: Street, rng: np.random.Generator) -> None:
    """A blue gradient with clouds on a level layer, brighter where the sun is."""
    camera = canvas.camera
    rows = int(np.ceil(camera.horizon))
    size = camera.width // 2, -(-rows // 2)  # nothing in the sky needs more pixels
    dx = np.linspace(-0.5 / FOCAL, 0.5 / FOCAL, size[0], dtype=np.float32)
    up = np.linspace(camera.horizon / camera.focal, 0, size[1], dtype=np.float32)[:, None]
    blue = HAZE + (_ZENITH - HAZE) * (1 - np.exp(-3.2 * up))[..., None]
    shift, cover = rng.uniform(0, 256, 2).astype(np.float32), rng.uniform(0.48, 0.66)
    layer = 26 / (up + 0.12)  # the clouds' plane, foreshortened towards the horizon
    u = dx * layer * 0.7 + shift[0]
    v = np.broadcast_to(layer + shift[1], u.shape)
    cloud = cv2.remap(tile(), u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    cloud = np.clip((cloud - cover) * 6, 0, 0.85) * np.clip(up * 7, 0, 1)
    sun = 26 * np.exp(-4 * ((dx - 0.7 * street.sun_side) ** 2 + (up - 0.5) ** 2))
    colour = np.minimum(blue + (_CLOUD - blue) * cloud[..., None] + sun[..., None], 255)
    canvas.buffer[:rows, :, :3] = cv2.resize(colour, (camera.width, rows))


def paint_backdrop(canvas: Canvas, street: Street, rng: np.random.Generator) -> None:
    """Two rows of far blocks and a line of trees across the end of the street."""
    base, leaf = street.city.walls[0], (112, 140, 104)
    blocks = rng.uniform((9, 7, 0.5), (22, 24, 0.85), (2, 50, 3))  # width, height, tone
    for z, row in zip((2.2 * END, 1.6 * END), blocks.tolist(), strict=True):
        wall, x = canvas.surface(BUILDING, frontal(z)), -0.65 * z
        for width, height, tone in row:
            if canvas.camera.sees(x, z, width):
                corners = [(x, 0, z), (x + width, 0, z), (x + width, height, z), (x, height, z)]
                canvas.polygon(corners, shade(base, tone), wall)
            x += width
    z = 1.3 * END
    trees = canvas.surface(TREE, frontal(z))
    top = [(float(x), float(h), z) for x, h in zip(
        np.linspace(-z, z, 90), rng.uniform(2.5, 7.5, 90), strict=True
    )]  # fmt: skip
    canvas.polygon([*top, (z, 0.0, z), (-z, 0.0, z)], leaf, trees)
