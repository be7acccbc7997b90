"""Cars: a side profile drawn out across the width, with its faces that look at the camera."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trainstudy.data.classes import CAR
from trainstudy.data.streets.camera import Point
from trainstudy.data.streets.canvas import DARK, Canvas, Colour, shade
from trainstudy.data.streets.plan import Item, Street

_GLASS: Colour = (46, 56, 66)
_TYRE: Colour = (26, 26, 28)
_TAIL: Colour = (255, 36, 28)
_HEAD: Colour = (255, 240, 205)


@dataclass(frozen=True)
class Body:
    """A body type. Profile points from the rear bumper over the roof to the front one.

    Each point: distance from the rear as a share of the length, height in metres, and half the
    width there as a share of the largest.
    """

    length: float
    half_width: float
    profile: tuple[tuple[float, float, float], ...]
    rear_window: int
    """Index of the profile point where the rear window begins; the windscreen ends the roof."""
    windscreen: int


SALOON: Final = Body(4.5, 0.88, (
    (0.0, 0.32, 0.96), (0.0, 0.86, 1.0), (0.03, 0.98, 0.97), (0.15, 1.02, 0.95),
    (0.30, 1.42, 0.76), (0.58, 1.45, 0.76), (0.76, 1.0, 0.95), (0.97, 0.82, 0.95),
    (1.0, 0.7, 0.98), (1.0, 0.32, 0.96),
), 3, 5)  # fmt: skip
HATCHBACK: Final = Body(3.9, 0.86, (
    (0.0, 0.32, 0.96), (0.0, 0.9, 1.0), (0.02, 1.0, 0.96), (0.1, 1.44, 0.78),
    (0.55, 1.5, 0.78), (0.76, 1.02, 0.95), (0.97, 0.86, 0.95), (1.0, 0.7, 0.98),
    (1.0, 0.32, 0.96),
), 2, 4)  # fmt: skip
ESTATE: Final = Body(4.6, 0.92, (
    (0.0, 0.36, 0.96), (0.0, 1.0, 1.0), (0.02, 1.1, 0.97), (0.07, 1.62, 0.82),
    (0.62, 1.68, 0.82), (0.78, 1.12, 0.96), (0.97, 1.0, 0.96), (1.0, 0.8, 0.98),
    (1.0, 0.36, 0.96),
), 2, 4)  # fmt: skip
VAN: Final = Body(5.0, 0.98, (
    (0.0, 0.38, 0.97), (0.0, 1.15, 1.0), (0.01, 1.25, 0.99), (0.02, 2.15, 0.93),
    (0.74, 2.2, 0.93), (0.9, 1.25, 0.97), (0.99, 1.1, 0.97), (1.0, 0.9, 0.98),
    (1.0, 0.38, 0.97),
), 2, 4)  # fmt: skip
BODIES: Final = (SALOON, HATCHBACK, HATCHBACK, ESTATE, SALOON, VAN)
_CIRCLE: Final = [(math.cos(math.pi * i / 8), math.sin(math.pi * i / 8)) for i in range(16)]


def paint_car(canvas: Canvas, street: Street, item: Item) -> None:
    """A car in the direction of the street, its nearer end at `item.z`."""
    _Car(canvas, street, item).paint()


class _Car:
    """One car in its own coordinates: a from rear (0) to front (1), y up, r half-widths right."""

    def __init__(self, canvas: Canvas, street: Street, item: Item) -> None:
        look = item.look
        self.canvas, self.away, self.parked = canvas, item.away, item.parked
        self.body = BODIES[int(look[0] * len(BODIES))]
        self.colour = street.city.cars[int(look[1] * len(street.city.cars))]
        self.windowless = self.body is VAN and look[2] < 0.5
        self.x, self.z, self.slope = street.x(item.s, item.z), item.z, street.slope(item.z)
        self.end = 0.0 if item.away else 1.0
        self.side = -1 if self.x + self.slope * self.body.length / 2 > 0 else 1
        self.light = 1.0 if self.side == street.sun_side else 0.74
        self.back = self._surface([(self.end, 0, -1), (self.end, 1, -1), (self.end, 0, 1)])
        self.flank = self._surface([(0, 0, self.side), (0, 1, self.side), (1, 0, self.side)])

    def at(self, a: float, y: float, r: float) -> Point:
        """Camera coordinates."""
        ahead = (a if self.away else 1 - a) * self.body.length
        across = r * self.body.half_width
        return (self.x + self.slope * ahead + across, y, self.z + ahead - self.slope * across)

    def paint(self) -> None:
        """From far to near."""
        body, side = self.body, self.side
        for r in (-side, side):  # the ground under the car is black, the far tyres stand in it
            self._patch([(self.end, 0.0, 0.9 * r), (self.end, 0.36, 0.9 * r),
                         (self.end, 0.36, 0.55 * r), (self.end, 0.0, 0.55 * r)], _TYRE)  # fmt: skip
        self._patch([(self.end, 0.14, -0.9), (self.end, 0.14, 0.9),
                     (self.end, 0.4, 0.9), (self.end, 0.4, -0.9)], (16, 16, 18))  # fmt: skip
        outline = [(a, y, side * w) for a, y, w in body.profile]
        self._patch(outline, shade(self.colour, 0.84 * self.light), self.flank)
        self._side_windows()
        strips = list(enumerate(zip(body.profile, body.profile[1:], strict=False)))
        for i, (p, q) in reversed(strips) if self.away else strips:
            quad = [(*p[:2], -p[2]), p, q, (*q[:2], -q[2])]
            if self._seen(quad):
                level = (q[0] - p[0]) * body.length > abs(q[1] - p[1])
                self._patch(quad, shade(self.colour, 1.2 if level else 0.94))
                if i == body.windscreen or (i == body.rear_window and not self.windowless):
                    self._patch(_inset(quad, 0.1, 0.9), _GLASS)
                    top = (0.5, 0.9) if q[1] > p[1] else (0.1, 0.5)
                    self._patch(_inset(quad, *top), (98, 114, 130))
        for a in (0.19, 0.8):
            self._wheel(a, fine=self.canvas.camera.focal / self.z > 10)
        self._lights_and_plate()

    def _side_windows(self) -> None:
        body, side = self.body, self.side
        low, high = body.profile[body.rear_window], body.profile[body.rear_window + 1]
        front, base = body.profile[body.windscreen], body.profile[body.windscreen + 1]
        sill, top = max(low[1], base[1]) + 0.04, high[1] - 0.08
        if not self.windowless:
            self._glass(low[0] + 0.03, high[0] + 0.02, 0.5 * (high[0] + front[0]) - 0.01, sill, top)
        middle = 0.5 * (high[0] + front[0]) + 0.01
        corners = [(middle, sill), (base[0] - 0.03, sill), (front[0] - 0.01, top), (middle, top)]
        self._patch([(a, y, side * 0.9) for a, y in corners], _GLASS, self.flank)
        gap = [(middle - 0.005, 0.45), (middle + 0.005, 0.45), (middle, sill)]  # of the door
        self._patch([(a, y, side) for a, y in gap], shade(self.colour, 0.5), self.flank)

    def _glass(self, low: float, high: float, end: float, sill: float, top: float) -> None:
        corners = [(low, sill), (end, sill), (end, top), (high, top)]
        self._patch([(a, y, self.side * 0.9) for a, y in corners], _GLASS, self.flank)

    def _wheel(self, a: float, fine: bool) -> None:
        parts = ((0.38, (20, 20, 22)), (0.32, _TYRE), (0.19, (146, 148, 152)))
        for radius, colour in parts if fine else parts[1:2]:  # arch, tyre, hub
            rim = [
                (a + radius * c / self.body.length, 0.32 + radius * s, self.side * 1.01)
                for c, s in _CIRCLE[:: 1 if fine else 2]
                if radius < 0.38 or s > -0.2
            ]
            self._patch(rim, colour, self.flank)

    def _lights_and_plate(self) -> None:
        """Bumper, number plate and lamps on the end turned to the camera."""
        low, high = (0.56, 0.76) if self.away else (0.58, 0.74)
        taller = self.body.profile[1][1] - SALOON.profile[1][1]
        low, high = low + 0.7 * taller, high + 0.85 * taller
        self._end(-0.97, 0.34, 0.97, 0.5, shade(self.colour, 0.62))
        if not self.away:
            self._end(-0.5, low, 0.5, high, (44, 46, 50))
        self._end(-0.27, 0.48, 0.27, 0.58, (226, 226, 214))
        lamp, glow = ((196, 24, 24), _TAIL) if self.away else ((244, 242, 230), _HEAD)
        surface = self.back
        if not self.parked:
            surface = self.canvas.surface(CAR, self.canvas.planes[self.back], glow)
        for r in (-1, 1):
            self._end(0.95 * r, low, 0.66 * r, high, lamp, surface)

    def _end(
        self, left: float, low: float, right: float, high: float, colour: Colour,
        surface: int | None = None,
    ) -> None:  # fmt: skip
        a = self.end
        corners = [(a, low, left), (a, low, right), (a, high, right), (a, high, left)]
        self._patch(corners, colour, surface)

    def _patch(self, points: Sequence[Point], colour: Colour, surface: int | None = None) -> None:
        bright = (min(colour[0], 255), min(colour[1], 255), min(colour[2], 255))
        where = self.back if surface is None else surface
        self.canvas.polygon([self.at(*p) for p in points], bright, where)

    def _surface(self, points: Sequence[Point], glow: Colour = DARK) -> int:
        p, q, r = (self.at(*point) for point in points)
        return self.canvas.surface(CAR, self.canvas.camera.plane_through(p, q, r), glow)

    def _seen(self, quad: Sequence[Point]) -> bool:
        (ax, ay), (bx, by), (cx, cy), _ = self.canvas.camera.project([self.at(*p) for p in quad])
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        return area < 0 if self.away else area > 0


def _inset(quad: Sequence[Point], low: float, high: float) -> list[Point]:
    """The part of a quad between two heights (0 bottom edge, 1 top edge), less a frame."""
    left0, right0, right1, left1 = quad

    def mix(p: Point, q: Point, t: float) -> Point:
        return (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t, p[2] + (q[2] - p[2]) * t)

    def row(t: float) -> tuple[Point, Point]:
        left, right = mix(left0, left1, t), mix(right0, right1, t)
        return mix(left, right, 0.07), mix(left, right, 0.93)

    return [*row(low), *reversed(row(high))]
