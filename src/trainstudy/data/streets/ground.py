"""Road, pavement and what lies beyond: which ground is where, and how it looks."""

from dataclasses import dataclass

import cv2
import numpy as np

from trainstudy.data.classes import PAVEMENT, ROAD, TREE
from trainstudy.data.streets.canvas import Canvas
from trainstudy.data.streets.noise import SIDE, sample
from trainstudy.data.streets.plan import Item, Street
from trainstudy.data.streets.scene import Floats

_GRASS = np.array((96, 134, 58), np.float32)
_PAINT = np.array((222, 222, 214), np.float32)
_FOOTPRINT = {"car": (1.0, 2.4), "tree": (1.7, 1.5), "pedestrian": (0.35, 0.3),
              "cyclist": (0.4, 0.8), "lamp": (0.15, 0.15)}  # fmt: skip
"""Half the width and length of a thing's shadow in metres."""


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
    for item in items:
        if item.kind in _FOOTPRINT and item.z < 70:
            wide, long = _FOOTPRINT[item.kind]
            x, z = street.x(item.s, item.z), item.z
            for grow, light in ((1.25, 0.62), (1.0, 0.42)):
                w, n = wide * grow, long * grow
                lean = -street.sun_side * (2.2 if item.kind == "tree" else 0.25 * w)
                t = np.linspace(0, 2 * np.pi, 13)[:-1]
                power = 0.5 if item.kind == "car" else 1.0  # cars cast rounded rectangles
                cos, sin = np.cos(t), np.sin(t)
                xs = x + lean + w * np.sign(cos) * np.abs(cos) ** power
                zs = z + 2.1 * (item.kind == "car") + n * np.sign(sin) * np.abs(sin) ** power
                corners = [(float(a), 0.0, max(float(b), 1.5)) for a, b in zip(xs, zs, strict=True)]
                canvas.polygon(corners, (light, light, light), ground.road)
    below = canvas.buffer[int(np.ceil(canvas.camera.horizon)) :, :, :3]
    below[:] = cv2.blur(below, (3, 3))


def shade_ground(canvas: Canvas, street: Street, ground: Ground) -> None:
    """Give every pixel that still shows ground its kind and colour."""
    camera, city = canvas.camera, street.city
    top = int(np.ceil(camera.horizon))
    dx, dy = camera.rays()
    z = np.minimum(camera.eye / dy[top:, None], 900)
    x = dx[None] * z
    s = x - street.offset - street.bend * z * z / 2
    z = np.broadcast_to(z, s.shape)
    beside = np.abs(s)
    cross = np.zeros_like(s, dtype=bool)
    if street.junction:
        cross = (z > street.junction[0]) & (z < street.junction[1])
    on_road = (beside < street.half_road) | cross
    on_pavement = ~on_road & (beside < street.half_road + street.pavement)

    grain = sample(x * 9 + SIDE * 64, z * 9) - 0.5
    patches = sample(x * 1.1 + SIDE * 64, z * 1.1) - 0.5
    sharp = np.clip(1.4 - z / 30, 0, 1)  # fine structure, as long as a pixel can hold it
    road = _road(street, s, z, cross, sharp)
    slab = ((np.mod(s, 0.8) < 0.06) | (np.mod(z, 0.8) < 0.06)) * sharp
    paving = np.asarray(city.pavement_colour, np.float32) * (1 - 0.16 * slab[..., None])
    kerb = ~on_road & (beside < street.half_road + 0.22)
    gutter = on_road & ~cross & (beside > street.half_road - 0.18)
    paving = np.where(kerb[..., None], paving * 1.16, paving)
    road = np.where(gutter[..., None], road * 0.74, road)
    beyond = _GRASS * (1 + 0.5 * patches[..., None]) if street.lawn else paving * 0.93
    colour = np.where(on_road[..., None], road, np.where(on_pavement[..., None], paving, beyond))
    colour = colour * (1 + (0.28 * sharp * grain + 0.22 * patches)[..., None])

    # the houses' shadow reaches from their front across the street
    front = street.half_road + street.pavement + 1.5
    from_house = front - street.sun_side * s
    dark = np.clip((street.shadow_reach(z[:, 0])[:, None] - from_house) * 2.5, 0, 1)
    tint = 1 - street.sunlight * dark[..., None] * np.array((1.0, 0.94, 0.8), np.float32)

    buffer = canvas.buffer[top:]
    shown = buffer[..., 3] == ground.road
    kind = np.where(on_road, ground.road, np.where(on_pavement, ground.pavement, ground.verge))
    buffer[..., 3] = np.where(shown, kind, buffer[..., 3])
    lit = np.minimum(buffer[..., :3], 1) * tint * colour * (1.06 - 0.06 * sharp[..., None])
    buffer[..., :3] = np.where(shown[..., None], np.minimum(lit, 255), buffer[..., :3])


def _road(street: Street, s: Floats, z: Floats, cross: np.ndarray, sharp: Floats) -> Floats:
    """Colour of the carriageway: asphalt with markings, or cobbles."""
    base = np.asarray(street.city.road, np.float32)
    if street.city.cobbles:
        row = np.floor(z / 0.28)
        stone = sample(np.floor(s / 0.28 + 0.5 * np.mod(row, 2)) * 7 + SIDE * 64, row * 11) - 0.5
        joint = (np.mod(s / 0.28 + 0.5 * np.mod(row, 2), 1) < 0.14) | (np.mod(z / 0.28, 1) < 0.14)
        return base * (1 + sharp * (0.42 * stone - 0.2 * joint))[..., None]
    wheel = np.abs(np.abs(np.abs(s) - street.half_road / 2) - 0.8) < 0.3
    dash = (np.abs(s) < 0.09) & (np.mod(z, 9) < 4.5)
    edge = np.abs(np.abs(s) - street.half_road + 0.4) < 0.07
    paint = (dash | edge) & ~cross
    if street.junction:  # a zebra crossing and a stop line before the cross street
        start = street.junction[0]
        stripes = (np.mod(s, 1.1) < 0.55) & (np.abs(s) < street.half_road - 0.3)
        before = (z > start - 4.2) & (z < start - 0.8)
        stop = (z > start - 5.6) & (z < start - 5.1) & (s > 0) & (s < street.half_road)
        paint = np.where(before, stripes, paint & (z < start - 5.6)) | stop | (
            paint & (z > street.junction[1])
        )
    asphalt = base * (1 - 0.06 * wheel[..., None])
    strength = 0.9 * np.clip(1.6 - z / 60, 0, 1) * paint
    return asphalt + (_PAINT - asphalt) * strength[..., None]
