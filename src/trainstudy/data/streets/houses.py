"""Houses: their walls and roofs as planes, then windows, shops and cornices drawn onto them."""

from dataclasses import dataclass, field

import numpy as np

from trainstudy.data.classes import BUILDING
from trainstudy.data.streets.canvas import Canvas, Colour, shade
from trainstudy.data.streets.noise import SIDE, frac, sample
from trainstudy.data.streets.plan import House, Street
from trainstudy.data.streets.scene import Floats

DEPTH = 11.0
"""From the front to the back of a house, metres."""
_GLASS = np.array([[58], [74], [92]], np.float32)
_SKY = np.array([[168], [190], [208]], np.float32)
_CURTAIN = np.array([[206], [196], [178]], np.float32)
_LAMPLIGHT = np.array([[255], [196], [110]], np.float32)
_AWNINGS = np.array(
    [(150, 40, 44), (36, 92, 70), (44, 64, 120), (196, 150, 60), (90, 70, 60)], np.float32
).T


@dataclass
class Facades:
    """The walls painted so far: surface numbers, and a row of `_FIELDS` for each."""

    surfaces: list[int] = field(default_factory=list)
    rows: list[tuple[float, ...]] = field(default_factory=list)


_FIELDS = ("red", "green", "blue", "light", "bay", "floor", "ground", "height", "wide", "tall",
           "shop", "seed", "x", "z", "across", "ornate")  # fmt: skip


def paint_house(canvas: Canvas, street: Street, house: House, facades: Facades) -> None:
    """The planes of a house in plain colours; `shade_facades` adds the rest."""
    city, look = street.city, house.look
    colour = city.walls[int(look[1] * len(city.walls))]
    out, line, high = house.side * DEPTH, house.line, house.height
    near, far = street.x(line, house.near), street.x(line, house.far)
    z0, z1 = house.near, house.far
    sunny = house.side != street.sun_side
    front_light = 1.06 if sunny else 1 - 0.75 * street.sunlight
    side_light = 0.9 if sunny else 0.8
    pitched = look[2] < city.pitched
    rise = 2.4 + 1.8 * look[3]

    side = [(near, 0, z0), (near, high, z0), (near + out, high, z0), (near + out, 0, z0)]
    if pitched:
        side.insert(2, (near + out / 2, high + rise, z0))
    if abs(near) > 0.3:
        _wall(canvas, facades, street, house, side, colour, side_light, across=True)
    front = [(near, 0, z0), (far, 0, z1), (far, high, z1), (near, high, z0)]
    _wall(canvas, facades, street, house, front, colour, front_light, across=False)
    if pitched:
        eaves = house.side * 0.35
        roof = [
            (near - eaves, high - 0.15, z0), (far - eaves, high - 0.15, z1),
            (far + out / 2, high + rise, z1), (near + out / 2, high + rise, z0),
        ]  # fmt: skip
        surface = canvas.surface(BUILDING, canvas.camera.plane_through(*roof[:3]))
        tone = city.roofs[int(look[4] * len(city.roofs))]
        canvas.polygon(roof, shade(tone, 1.05 if sunny else 0.72), surface)


def _wall(
    canvas: Canvas, facades: Facades, street: Street, house: House,
    corners: list[tuple[float, float, float]], colour: Colour, light: float, across: bool,
) -> None:  # fmt: skip
    look = house.look
    plane = canvas.camera.plane_through(corners[0], corners[1], corners[-1])
    surface = canvas.surface(BUILDING, plane)
    canvas.polygon(corners, shade(colour, light), surface)
    shop = look[5] < street.city.shops and not across
    facades.surfaces.append(surface)
    facades.rows.append((
        *colour, light, 2.0 + 1.4 * look[6], 2.9 + 0.5 * look[0], 3.6 if shop else 3.0,
        house.height, 0.42 + 0.25 * look[7], 0.45 + 0.15 * look[3], shop,
        int(look[4] * 997), corners[0][0], house.near, across, look[2] > 0.3,
    ))  # fmt: skip


def shade_facades(canvas: Canvas, facades: Facades) -> tuple[np.ndarray, Floats]:
    """Draw windows, doors and shops onto all walls at once.

    Returns the flat indices [N] of the wall pixels, and the light [N, 3] they give off at night.
    """
    wall_of = np.full(len(canvas.labels), -1)
    wall_of[facades.surfaces] = np.arange(len(facades.surfaces))
    ids = canvas.ids()
    walls = wall_of[ids]
    pixels = np.flatnonzero(walls >= 0)
    wall = walls.ravel()[pixels]
    table = np.array(facades.rows, np.float32).T.copy()
    p = dict(zip(_FIELDS, np.take(table, wall, axis=1), strict=True))

    width = canvas.camera.width
    dx, dy = canvas.camera.rays()
    row, column = np.divmod(pixels.astype(np.int32), np.int32(width))
    ray_x, ray_y = np.take(dx, column), np.take(dy, row)
    planes = np.array(canvas.planes, np.float32)[facades.surfaces].T
    plane = np.take(planes, wall, axis=1)
    z = 1 / np.maximum(plane[0] + plane[1] * ray_x + plane[2] * ray_y, 1e-3)
    u = np.where(p["across"] > 0, np.abs(ray_x * z - p["x"]), z - p["z"])
    v = canvas.camera.eye - ray_y * z

    bay, level = u / p["bay"], (v - p["ground"]) / p["floor"]
    iu, storey = np.floor(bay), np.floor(level)
    off, fv = np.abs(bay - iu - 0.5), level - storey
    luck = sample(iu * 37 + p["seed"] + SIDE, storey * 53 + p["seed"] + SIDE * 4)
    front, shop = p["across"] == 0, p["shop"] > 0
    upper = (storey >= 0) & (v < p["height"] - 0.5) & (front | (luck > 0.62))
    beside, above = off * 2 / p["wide"], np.abs(fv - 0.52) * 2 / p["tall"]
    pane = upper & (beside < 1) & (above < 1)
    frame = upper & (beside < 1.22) & (above < 1.16)
    bar = pane & ((off < 0.02 * p["bay"] / 2) | (np.abs(fv - 0.62) < 0.012))
    below = front & (storey < 0)
    display = below & shop & (v > 0.5) & (v < 2.7) & (off < 0.44)
    board = below & shop & (v >= 2.8) & (v < 3.45)
    plain, entrance = below & ~shop, frac(iu / 3) == 0
    door = plain & entrance & (off < 0.24) & (v < 2.3)
    low = plain & ~entrance & (beside < 1) & (v > 1.0) & (v < 2.4)
    glass = (pane | low | display) & ~bar
    band = (p["ornate"] > 0) & upper & (np.abs(fv - 0.03) < 0.03)

    # every pixel is one material in one brightness
    tone = 0.94 + 0.12 * sample(u * 14 + SIDE, v * 14 + SIDE)
    tone = np.where(frame | band | (v > p["height"] - 0.45), 1.2, tone)
    tone = np.where(v < 0.5, 0.72, tone)
    colour = np.stack([p["red"], p["green"], p["blue"]])  # channels first: long rows are fast
    sign = np.take(_AWNINGS, (p["seed"] + np.floor(iu / 3)).astype(np.int32) % 5, axis=1)
    colour = np.where(board | door, sign, colour)
    tone = np.where(door, np.float32(0.55), np.where(board, np.float32(1.0), tone))
    sky = np.clip(0.2 + 0.5 * fv + 0.5 * (luck - 0.5), 0, 0.8) * 0.8
    curtain = pane & (luck > 0.55) & (off > 0.3 * p["wide"])
    window = np.where(curtain, _CURTAIN, _GLASS + (_SKY - _GLASS) * sky)
    # windows too small for the pixels fade into the wall, or they would flicker
    seen = glass * np.clip((p["bay"] * canvas.camera.focal / z / 2 - 1.5) / 4, 0.25, 1)
    colour = colour * tone
    colour += (window - colour) * seen
    light = p["light"] * (0.8 + 0.2 * np.clip(v / 4, 0, 1))  # less sky reaches the foot of a wall
    canvas.buffer.reshape(-1, 4)[pixels, :3] = np.minimum(colour * light, 255).T
    lit = seen * ((luck > 0.56) | display) * (0.45 + 0.55 * luck)
    return pixels, (lit * _LAMPLIGHT).T
