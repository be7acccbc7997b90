"""Street trees."""

import numpy as np

from trainstudy.data.classes import TREE
from trainstudy.data.streets.canvas import Canvas, Colour, shade
from trainstudy.data.streets.plan import Item, Street

_LEAVES: tuple[Colour, ...] = (
    (74, 118, 48), (92, 130, 50), (60, 104, 58), (110, 126, 52), (84, 112, 44), (168, 118, 44),
)  # fmt: skip
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)


def paint_tree(canvas: Canvas, street: Street, item: Item) -> None:
    """A trunk, and a crown of leaf clusters that are lighter towards the sun."""
    look = item.look
    height, radius = 4.5 + 4 * look[0], 1.2 + 1.1 * look[1]
    slim = 0.6 if look[2] > 0.8 else 1.0  # poplars
    pen = canvas.billboard(street.x(item.s, item.z), item.z, TREE)
    bark = (88, 72, 58)
    middle = height - radius
    w = 0.11 + 0.08 * look[3]
    pen.polygon([(-w, 0), (w, 0), (0.6 * w, middle), (-0.6 * w, middle)], bark)
    pen.polygon([(0, 0), (w, 0), (0.6 * w, middle), (0, middle)], shade(bark, 0.75))
    pen.stroke([(0, middle - radius * 0.9), (0.5 * radius, middle)], 0.1, bark)

    count = int(np.clip(pen.scale * radius * 1.4, 7, 170))  # clusters that pixels can resolve
    i = np.arange(count)
    away = np.sqrt((i + 0.5) / count)[::-1]
    angle = i * _GOLDEN_ANGLE + 6.28 * look[4]
    wobble = 1 + 0.22 * np.sin(3 * angle + 9 * look[5]) * away
    right = radius * slim * away * wobble * np.cos(angle)
    up = radius * (1.15 if slim == 1 else 1.5) * away * wobble * np.sin(angle)
    bright = 0.78 + 0.30 * up / radius + 0.22 * street.sun_side * right / radius
    bright += 0.16 * np.sin(i * 1.7 + 6 * look[6])
    size = radius * (0.07 + 1.5 / np.sqrt(count)) * (1 - 0.4 * away)
    leaf = _LEAVES[int(look[7] * len(_LEAVES))]
    tone = np.clip(bright, 0.42, 1.4)
    for k in np.argsort(tone + 0.5 * (0.6 - away)):  # dark ones are behind and below
        centre = (float(right[k]), middle + float(up[k]))
        pen.disc(centre, float(size[k]), shade(leaf, float(tone[k])))
