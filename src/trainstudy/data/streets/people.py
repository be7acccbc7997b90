"""Pedestrians and cyclists."""

from trainstudy.data.classes import BICYCLIST, PEDESTRIAN
from trainstudy.data.streets.canvas import Canvas, Colour, Pen, shade
from trainstudy.data.streets.plan import Item, Street

_SKIN: tuple[Colour, ...] = ((232, 190, 160), (206, 158, 124), (150, 104, 76), (104, 72, 54))
_HAIR: tuple[Colour, ...] = ((52, 40, 32), (96, 66, 40), (188, 152, 96), (120, 116, 112))
_TROUSERS: tuple[Colour, ...] = ((44, 50, 72), (58, 56, 58), (90, 80, 66), (36, 36, 40))


def _pick(palette: tuple[Colour, ...], at: float) -> Colour:
    return palette[int(at * len(palette))]


def paint_pedestrian(canvas: Canvas, street: Street, item: Item) -> None:
    """Somebody walking: seen from the side with a stride, or along the street."""
    look = item.look
    h = 1.5 + 0.38 * look[0]
    pen = canvas.billboard(street.x(item.s, item.z), item.z, PEDESTRIAN)
    top, trousers = _pick(street.city.clothes, look[1]), _pick(_TROUSERS, look[2])
    skin, hair = _pick(_SKIN, look[3]), _pick(_HAIR, look[4])
    sideways = look[5] < 0.55
    stride = (0.1 + 0.14 * look[6]) * h if sideways else 0.05 * h
    wide = 0.1 * h if sideways else 0.14 * h
    hip, neck = 0.5 * h, 0.84 * h
    for foot, tone in ((-stride, 0.75), (stride, 1.0)):
        knee = (foot * 0.45 + 0.03 * h * sideways, 0.27 * h)
        pen.stroke([(0.25 * foot, hip), knee, (foot, 0.03 * h)], 0.085 * h, shade(trousers, tone))
        pen.stroke([(foot, 0.03 * h), (foot + 0.07 * h, 0.025 * h)], 0.05 * h, (40, 34, 32))
    long = hip - (0.16 * h if look[7] < 0.35 else 0.03 * h)  # a coat or a jacket
    far_arm = (-0.9 * wide, neck - 0.03 * h), (-1.1 * wide - 0.4 * stride, 0.52 * h)
    pen.stroke(far_arm, 0.065 * h, shade(top, 0.7))
    body = [(-0.8 * wide, long), (0.8 * wide, long), (wide, neck - 0.05 * h),
            (0.5 * wide, neck), (-0.5 * wide, neck), (-wide, neck - 0.05 * h)]  # fmt: skip
    pen.polygon(body, top)
    pen.polygon([(0.1 * wide, long), *body[1:4]], shade(top, 0.86))
    near_arm = (0.9 * wide, neck - 0.05 * h), (1.1 * wide + 0.5 * stride, 0.52 * h)
    pen.stroke(near_arm, 0.065 * h, shade(top, 0.92))
    pen.disc(near_arm[1], 0.03 * h, skin)
    if look[7] > 0.75:  # a bag
        pen.box(-1.6 * wide, 0.36 * h, -0.7 * wide, 0.5 * h, (84, 56, 44))
    _head(pen, (0.02 * h, 0.92 * h), 0.068 * h, skin, hair)


def paint_cyclist(canvas: Canvas, street: Street, item: Item) -> None:
    """Somebody on a bicycle; the nearer to sideways they ride, the wider they appear."""
    look = item.look
    squeeze = 0.28 + 0.72 * look[0] ** 2
    pen = canvas.billboard(street.x(item.s, item.z), item.z, BICYCLIST, squeeze)
    flip = -1 if look[1] < 0.5 else 1
    frame, top = _pick(street.city.cars, look[2]), _pick(street.city.clothes, look[3])
    skin, trousers = _pick(_SKIN, look[4]), _pick(_TROUSERS, look[5])
    back, front, pedal = (-0.52 * flip, 0.34), (0.54 * flip, 0.34), (-0.05 * flip, 0.3)
    saddle, bar = (-0.22 * flip, 0.92), (0.4 * flip, 1.02)
    for hub in (back, front):
        pen.disc(hub, 0.34, (70, 70, 72))
        pen.disc(hub, 0.28, (132, 130, 126))
        pen.ring(hub, 0.34, 0.05, (28, 28, 30))
        for dx, dy in ((0.3, 0.0), (0.0, 0.3), (0.2, 0.2), (0.2, -0.2)):
            ends = [(hub[0] - dx, hub[1] - dy), (hub[0] + dx, hub[1] + dy)]
            pen.stroke(ends, 0.012, (90, 90, 92))
    hip, shoulder = (-0.2 * flip, 1.0), (0.12 * flip, 1.48)
    pen.stroke([hip, (0.16 * flip, 0.78), (-0.1 * flip, 0.36)], 0.13, shade(trousers, 0.75))
    for path in ([back, pedal, bar, saddle, pedal], [back, saddle], [bar, front]):
        pen.stroke(path, 0.05, frame)
    pen.stroke([hip, (0.2 * flip, 0.7), (0.02 * flip, 0.2)], 0.14, trousers)
    w = 0.17 / squeeze**0.6  # shoulders do not shrink as the bicycle turns
    body = [
        (hip[0] - 0.8 * w, hip[1]),
        (hip[0] + 0.8 * w, hip[1] - 0.04),
        (shoulder[0] + w, shoulder[1] - 0.06),
        (shoulder[0] - 0.6 * w, shoulder[1] + 0.05),
    ]
    pen.polygon(body, top)
    pen.polygon([body[0], body[1], body[2]], shade(top, 0.88))
    pen.stroke([shoulder, (0.34 * flip, 1.2), bar], 0.09, shade(top, 0.9))
    pen.stroke([bar, (bar[0] - 0.05 * flip, bar[1])], 0.08, skin)
    head = (shoulder[0] + 0.1 * flip, 1.64)
    round_head = 0.12
    upright = canvas.billboard(street.x(item.s, item.z) + head[0] * squeeze, item.z, BICYCLIST)
    helmet = (214, 60, 50) if look[6] < 0.4 else _pick(_HAIR, look[7])
    _head(upright, (0.0, head[1]), round_head, skin, helmet)


def _head(pen: Pen, centre: tuple[float, float], radius: float, skin: Colour, hair: Colour) -> None:
    pen.disc(centre, radius, skin)
    x, y = centre
    pen.polygon(
        [(x - 1.05 * radius, y - 0.1 * radius), (x - 0.75 * radius, y + 0.85 * radius),
         (x, y + 1.15 * radius), (x + 0.75 * radius, y + 0.85 * radius),
         (x + 0.95 * radius, y + 0.2 * radius), (x, y + 0.35 * radius)],
        hair,
    )  # fmt: skip
