"""Cars: a side profile drawn out across the width, with its faces that look at the camera."""

from dataclasses import dataclass
from typing import Final

from trainstudy.data.classes import CAR
from trainstudy.data.streets.canvas import DARK, Canvas, Colour, shade
from trainstudy.data.streets.camera import Point
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


def paint_car(canvas: Canvas, street: Street, item: Item) -> None:
    """A car in the direction of the street, its nearer end at `item.z`."""
    look, body = item.look, BODIES[int(item.look[0] * len(BODIES))]
    paint = street.city.cars[int(look[1] * len(street.city.cars))]
    x0, slope, n = street.x(item.s, item.z), street.slope(item.z), body.half_width
    turn = 1 if item.away else -1

    def at(a: float, y: float, r: float) -> Point:
        """Camera coordinates of a point: share a from the rear, height y, r half-widths right."""
        ahead = (a if item.away else 1 - a) * body.length
        across = r * n
        return (x0 + slope * ahead + across, y, item.z + ahead - slope * across)

    plane = canvas.camera.plane_through
    rear = canvas.surface(CAR, plane(at(0 if item.away else 1, 0, -1),
                                     at(0 if item.away else 1, 1, -1),
                                     at(0 if item.away else 1, 0, 1)))  # fmt: skip
    centre = x0 + slope * body.length / 2
    side = -1 if centre > 0 else 1  # the flank turned to the camera
    flank = canvas.surface(CAR, plane(at(0, 0, side), at(0, 1, side), at(1, 0, side)))
    sunny = side == street.sun_side
    tone = 1.0 if sunny else 0.72

    outline = [at(a, y, side * w) for a, y, w in body.profile]
    strips = list(zip(body.profile, body.profile[1:], strict=False))
    if not item.away:
        strips.reverse()
    strips.reverse()  # far to near
    canvas.polygon(_underside(at), (14, 14, 16), rear)
    far_wheels = [(a, -side) for a in (0.2, 0.8)]
    for a, r in far_wheels:
        _wheel(canvas, at, a, 0.8 * r, rear, body.length, hub=False)
    canvas.polygon(outline, shade(paint, 0.84 * tone), flank)
    _glasshouse(canvas, at, body, side, flank, tone)
    for p, q in strips:
        i = body.profile.index(p)
        quad = [at(p[0], p[1], -p[2]), at(p[0], p[1], p[2]),
                at(q[0], q[1], q[2]), at(q[0], q[1], -q[2])]  # fmt: skip
        if _faces_camera(canvas, quad, turn):
            level = (q[0] - p[0]) * body.length > abs(q[1] - p[1])
            bright = 1.18 if level else 0.95
            canvas.polygon(quad, tuple(min(255, c) for c in shade(paint, bright)), rear)
            if i in (body.rear_window, body.windscreen) and not (body is VAN and look[2] < 0.4):
                inner = [_between(quad[0], quad[2], 0.1), _between(quad[1], quad[3], 0.1),
                         _between(quad[2], quad[0], 0.1), _between(quad[3], quad[1], 0.1)]  # fmt: skip
                canvas.polygon(inner, _GLASS, rear)
                upper = [_between(inner[0], inner[3], 0.55), _between(inner[1], inner[2], 0.75),
                         inner[2], inner[3]]  # fmt: skip
                canvas.polygon(upper, (112, 130, 146), rear)
    for a in (0.2, 0.8):
        _wheel(canvas, at, a, side * 1.01, flank, body.length, hub=True)
    _end_face(canvas, at, body, paint, rear, item)


def _between(p: Point, q: Point, t: float) -> Point:
    return (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t, p[2] + (q[2] - p[2]) * t)
