"""Lamps, signs, traffic lights, bollards and fences."""

from trainstudy.data.classes import FENCE, POLE, SIGN
from trainstudy.data.streets.camera import frontal
from trainstudy.data.streets.canvas import Canvas, Colour, shade
from trainstudy.data.streets.plan import Item, Street

_STEEL: Colour = (112, 116, 118)
_LAMPLIGHT: Colour = (255, 206, 130)


def paint_lamp(canvas: Canvas, street: Street, item: Item) -> None:
    """A street lamp whose arm reaches over the road."""
    pen = canvas.billboard(street.x(item.s, item.z), item.z, POLE)
    inward, high = (-1 if item.s > 0 else 1), 6.0 + 1.5 * item.look[0]
    steel = (70, 76, 78) if street.city.cobbles else _STEEL
    thick = street.city.post
    pen.stroke([(0, 0), (0, 0.9)], 1.4 * thick, shade(steel, 0.8))
    pen.stroke([(0, 0), (0, high)], thick, steel)
    if street.city.cobbles:  # a lantern
        top = high - 1.8
        pen.polygon([(-0.2, top + 0.5), (0.2, top + 0.5), (0.13, top), (-0.13, top)], (40, 40, 42))
        pen.disc((0, top + 0.28), 0.15, (250, 240, 210), _LAMPLIGHT)
        return
    pen.stroke([(0, high), (1.2 * inward, high + 0.25)], 0.6 * thick, steel)
    pen.stroke([(0.8 * inward, high + 0.2), (1.5 * inward, high + 0.25)], 0.2, shade(steel, 0.8))
    pen.disc((1.2 * inward, high + 0.12), 0.13, (246, 240, 220), _LAMPLIGHT)


def paint_sign(canvas: Canvas, street: Street, item: Item) -> None:
    """A traffic sign on a post: round, triangular, square, or a board with a name."""
    look, x, z = item.look, street.x(item.s, item.z), item.z
    post = canvas.billboard(x, z, POLE)
    r, high = street.city.sign_size / 2 * (0.9 + 0.3 * look[0]), 2.2 + 0.4 * look[1]
    post.stroke([(0, 0), (0, high)], 0.04 + 0.3 * street.city.post, _STEEL)
    pen = canvas.billboard(x, z, SIGN)
    red, white, blue = (198, 30, 34), (240, 240, 236), (30, 80, 170)
    kind = int(look[2] * 5)
    if kind == 0:  # a limit
        pen.disc((0, high), r, red)
        pen.disc((0, high), 0.72 * r, white)
        pen.box(-0.3 * r, high - 0.3 * r, 0.3 * r, high + 0.3 * r, (40, 40, 40))
    elif kind == 1:  # a warning
        pen.polygon([(-r, high - r), (r, high - r), (0, high + r)], red)
        pen.polygon(
            [(-0.6 * r, high - 0.75 * r), (0.6 * r, high - 0.75 * r), (0, high + 0.5 * r)], white
        )
    elif kind == 2:  # no entry, no stopping
        pen.disc((0, high), r, blue if look[3] < 0.4 else red)
        pen.box(-0.65 * r, high - 0.18 * r, 0.65 * r, high + 0.18 * r, white)
    elif kind == 3:  # parking, crossing
        pen.box(-r, high - r, r, high + r, blue)
        pen.polygon(
            [(-0.55 * r, high - 0.6 * r), (0.55 * r, high - 0.6 * r), (0, high + 0.6 * r)], white
        )
    else:  # directions
        w = 2.2 * r
        pen.box(-w, high - 0.75 * r, w, high + 0.75 * r, white)
        ground = (24, 104, 66) if look[3] < 0.5 else (226, 190, 40)
        pen.box(-0.92 * w, high - 0.6 * r, 0.92 * w, high + 0.6 * r, ground)
        pen.stroke([(-0.7 * w, high + 0.2 * r), (0.5 * w, high + 0.2 * r)], 0.16 * r, white)
        pen.stroke([(-0.7 * w, high - 0.25 * r), (0.2 * w, high - 0.25 * r)], 0.16 * r, white)


def paint_traffic_light(canvas: Canvas, street: Street, item: Item) -> None:
    """Three lamps in a dark box on a post, one of them on."""
    x, high = street.x(item.s, item.z), 3.0
    canvas.billboard(x, item.z, POLE).stroke([(0, 0), (0, high)], 0.12, (84, 88, 90))
    pen = canvas.billboard(x, item.z, SIGN)
    pen.box(-0.24, high - 0.45, 0.24, high + 0.62, (34, 36, 38))
    lamps: tuple[Colour, ...] = ((255, 60, 44), (255, 190, 50), (60, 230, 130))
    for i, lamp in enumerate(lamps):
        on = i == int(street.sunlight * 1000) % 3
        centre = (0.0, high + 0.43 - 0.34 * i)
        if on:
            pen.disc(centre, 0.15, lamp, glow=lamp)
        else:
            pen.disc(centre, 0.13, shade(lamp, 0.28))


def paint_bollard(canvas: Canvas, street: Street, item: Item) -> None:
    """A cast-iron post at the kerb."""
    pen = canvas.billboard(street.x(item.s, item.z), item.z, POLE)
    pen.stroke([(0, 0), (0, 0.85)], 0.16, (62, 62, 64))
    pen.stroke([(0, 0.66), (0, 0.72)], 0.18, (170, 166, 158))


def paint_fence(canvas: Canvas, street: Street, item: Item) -> None:
    """A panel along the street: white palings, brown boards, or railings before a hedge."""
    z0, z1 = item.z, item.z + item.length
    x0, x1 = street.x(item.s, z0), street.x(item.s, z1)
    high, choice = 1.0 + 0.5 * item.look[0], item.look[1]
    kind = int(choice * 3) if street.lawn else 1 + int(choice * 2)
    back: Colour = ((150, 150, 142), (104, 78, 56), (52, 70, 44))[kind]
    slat: Colour = ((226, 224, 214), (138, 104, 74), (44, 46, 50))[kind]
    light = 0.8 if item.s * street.sun_side > 0 else 1.05
    corners = [(x0, 0.0, z0), (x1, 0.0, z1), (x1, high, z1), (x0, high, z0)]
    surface = canvas.surface(FENCE, canvas.camera.plane_through(*corners[:3]))
    canvas.polygon(corners, shade(back, light), surface)
    slats = 11 if canvas.camera.focal / z1 > 14 else 0  # further off less than a pixel each
    share = (0.62, 0.88, 0.3)[kind]

    def at(t: float, y: float) -> tuple[float, float, float]:
        return (x0 + (x1 - x0) * t, y, z0 + (z1 - z0) * t)

    for i in range(slats):
        a, b = i / slats, (i + share) / slats
        tone = shade(slat, light * (0.93 + 0.14 * ((i * 7) % 5) / 4))
        canvas.polygon([at(a, 0), at(b, 0), at(b, high), at(a, high)], tone, surface)
    post = canvas.surface(FENCE, frontal(z0))
    w = 0.07
    tip = high + 0.12
    corners = [(x0 - w, 0, z0), (x0 + w, 0, z0), (x0 + w, tip, z0), (x0 - w, tip, z0)]
    canvas.polygon(corners, shade(slat, 0.85 * light), post)
    rail = [at(0, high * 0.86), at(1, high * 0.86), at(1, high * 0.94), at(0, high * 0.94)]
    canvas.polygon(rail, shade(slat, 0.9 * light), surface)
