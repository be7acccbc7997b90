"""Road, pavement and what lies beyond: which ground is where, and how it looks."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.data.classes import PAVEMENT, ROAD, TREE
from trainstudy.data.streets.canvas import Canvas
from trainstudy.data.streets.noise import SIDE, frac, sample
from trainstudy.data.streets.plan import Item, Street
from trainstudy.data.streets.scene import Floats

_GRASS = np.array((96, 134, 58), np.float32)
_PAINT = np.array((222, 222, 214), np.float32)
_SHADE = np.array([[1.0], [0.94], [0.8]], np.float32)
"""How much of red, green and blue the sunlight gives."""
_FOOTPRINT = {"car": (1.0, 2.4), "tree": (1.7, 1.5), "pedestrian": (0.35, 0.3),
              "cyclist": (0.4, 0.8), "lamp": (0.15, 0.15)}  # fmt: skip
"""Half the width and length of a thing's shadow in metres."""
_ROUND = [(math.cos(math.pi * i / 6), math.sin(math.pi * i / 6)) for i in range(12)]
_SQUARISH = [
    (1, 0.85), (0.85, 1), (-0.85, 1), (-1, 0.85), (-1, -0.85), (-0.85, -1), (0.85, -1), (1, -0.85),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """The surface numbers of the three kinds of ground."""

    road: int
    pavement: int
    verge: int

    @classmethod
    def of(cls, canvas: Canvas, street: Street) -> "Ground":
        """Register them, and cover everything below the horizon with plain white ground."""
        plane = canvas.camera.ground
        verge = TREE if street.lawn else PAVEMENT
        ground = cls(*(canvas.surface(label, plane) for label in (ROAD, PAVEMENT, verge)))
        canvas.buffer[int(np.ceil(canvas.camera.horizon)) :] = (1, 1, 1, ground.road)
        return ground


def cast_shadows(canvas: Canvas, street: Street, ground: Ground, items: list[Item]) -> None:
    """Darken the still white ground under things; before anything stands on it."""
    things = [item for item in items if item.kind in _FOOTPRINT and item.z < 60]
    for grow, light in ((1.3, 0.8), (1.12, 0.64), (0.95, 0.5)):  # soft rims first
        for item in things:
            x, z = street.x(item.s, item.z), item.z
            if not canvas.camera.sees(x, z, 5):
                continue
            wide, long = _FOOTPRINT[item.kind]
            car = item.kind == "car"
            lean = -street.sun_side * (2.2 if item.kind == "tree" else 0.25 * wide)
            corners = [
                (x + lean + wide * grow * c, 0.0, max(z + 2.1 * car + long * grow * s, 1.5))
                for c, s in (_SQUARISH if car else _ROUND)
            ]
            canvas.polygon(corners, (light, light, light), ground.road)
    below = canvas.buffer[int(np.ceil(canvas.camera.horizon)) :]
    reach = canvas.camera.width // 96 | 1
    below[..., 0] = cv2.blur(below[..., 0].copy(), (2 * reach + 1, reach))


def shade_ground(canvas: Canvas, street: Street, ground: Ground) -> None:
    """Give every pixel that still shows ground its kind and colour."""
    camera, city = canvas.camera, street.city
    width, flat = camera.width, canvas.buffer.reshape(-1, 4)
    pixels = np.flatnonzero(flat[:, 3] == ground.road)
    row, column = np.divmod(pixels.astype(np.int32), np.int32(width))
    dx, dy = camera.rays()
    z = np.minimum(camera.eye / np.take(dy, row), 900)
    x = np.take(dx, column) * z
    s = x - np.float32(street.offset) - np.float32(street.bend / 2) * z * z
    beside = np.abs(s)
    sharp = np.clip(1.4 - z / 30, 0, 1)  # fine structure, as long as a pixel can hold it
    cross = np.zeros(len(z), bool)
    if street.junction:
        cross = (z > street.junction[0]) & (z < street.junction[1])
    on_road = (beside < street.half_road) | cross
    on_pavement = ~on_road & (beside < street.half_road + street.pavement)
    kind = np.where(on_road, 0, np.where(on_pavement, 1, 2))

    stone = np.asarray(city.pavement_colour)
    colours = np.array([city.road, stone, _GRASS if street.lawn else 0.93 * stone, _PAINT])
    colours = colours.astype(np.float32)
    kerb = 1.16 if not city.cobbles else 1.07
    if city.cobbles:
        tone, look = 1 + sharp * _cobbles(s, z), kind
    else:
        tone, paint = _asphalt(street, s, z, cross)
        look = np.where(on_road & paint, 3, kind)
    slab = (frac(s / 0.8) < 0.075) | (frac(z / 0.8) < 0.075)
    paved = 1 - 0.16 * sharp * (slab & (on_pavement if street.lawn else ~on_road))
    tone = np.where(on_road, tone, paved)
    tone = np.where(~on_road & (beside < street.half_road + 0.22), kerb, tone)  # the kerb
    tone = np.where(on_road & ~cross & (beside > street.half_road - 0.18), 0.74, tone)
    grain = sample(x * 9 + SIDE * 64, z * 9) - 0.5
    patches = sample(x * 1.1 + SIDE * 64, z * 1.1) - 0.5
    tone = tone * (1 + 0.28 * sharp * grain + np.where(kind == 2, 0.4, 0.22) * patches)

    # the houses' shadow reaches from their front across the street
    from_house = street.half_road + street.pavement + 1.5 - street.sun_side * s
    reach = street.shadow_reach(np.minimum(camera.eye / np.maximum(dy, 1e-3), 900))
    dark = np.float32(street.sunlight) * np.clip((np.take(reach, row) - from_house) * 2.5, 0, 1)
    under_things = flat[pixels, 0]
    lit = tone * under_things * (1 - dark * _SHADE) * np.take(colours.T, look, axis=1)
    flat[pixels, :3] = np.minimum(lit, 255).T
    flat[pixels, 3] = np.array([ground.road, ground.pavement, ground.verge])[kind]


def _cobbles(s: Floats, z: Floats) -> Floats:
    """Brightness of rows of stones around 0, each stone its own, joints darker."""
    row = np.floor(z / 0.28)
    across = s / 0.28 + 0.5 * (row - 2 * np.floor(row / 2))
    stone = sample(np.floor(across) * 7 + SIDE * 64, row * 11) - 0.5
    return 0.42 * stone - np.where((frac(across) < 0.14) | (frac(z / 0.28) < 0.14), 0.2, stone * 0)


def _asphalt(
    street: Street, s: Floats, z: Floats, cross: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Brightness around 1, darker where wheels run; and where there is paint."""
    beside: Floats = np.abs(s)
    wheel = np.abs(np.abs(beside - street.half_road / 2) - 0.8) < 0.3
    middle = (beside < 0.09) & (frac(z / 9) < 0.5)
    edge = np.abs(beside - street.half_road + 0.4) < 0.07
    paint = (middle | edge) & ~cross
    if street.junction:  # a zebra crossing and a stop line before the cross street
        to_go = street.junction[0] - z
        stripes = (frac(s / 1.1) < 0.5) & (beside < street.half_road - 0.3)
        stop = (to_go > 5.1) & (to_go < 5.6) & (s > 0) & (beside < street.half_road)
        clear = (to_go > 5.1) | (to_go < 0)
        paint = np.where((to_go > 0.8) & (to_go < 4.2), stripes, (paint & clear) | stop)
    return np.where(wheel, np.float32(0.94), np.float32(1)), paint & (z < 90)
