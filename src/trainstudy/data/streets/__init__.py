"""Street scenes drawn by the package: any number of them, from a city's name and a seed.

A scene is laid out in metres, painted from far to near at twice the size, and scaled down. Image,
class, depth and night light come from the same drawing, so they agree to the pixel.
"""

import zlib
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.data.streets.camera import Camera
from trainstudy.data.streets.canvas import Canvas
from trainstudy.data.streets.cars import paint_car
from trainstudy.data.streets.cities import CITIES, City
from trainstudy.data.streets.furniture import (
    paint_bollard,
    paint_fence,
    paint_lamp,
    paint_sign,
    paint_traffic_light,
)
from trainstudy.data.streets.ground import Ground, cast_shadows, shade_ground
from trainstudy.data.streets.houses import Facades, paint_house, shade_facades
from trainstudy.data.streets.layout import furnish, lay_out
from trainstudy.data.streets.people import paint_cyclist, paint_pedestrian
from trainstudy.data.streets.plan import House, Item, Street
from trainstudy.data.streets.scene import Scene, to_image
from trainstudy.data.streets.sky import HAZE, paint_backdrop, paint_sky
from trainstudy.data.streets.trees import paint_tree

__all__ = ["CITIES", "City", "Scene", "draw"]

PAINTERS: dict[str, Callable[[Canvas, Street, Item], None]] = {
    "car": paint_car,
    "pedestrian": paint_pedestrian,
    "cyclist": paint_cyclist,
    "tree": paint_tree,
    "lamp": paint_lamp,
    "sign": paint_sign,
    "traffic_light": paint_traffic_light,
    "bollard": paint_bollard,
    "fence": paint_fence,
}


def draw(city: str, seed: int, index: int, height: int = 96, width: int = 128) -> Scene:
    """Scene number `index` of a city: a function of the arguments alone.

    The size (pixels, 16 or more) changes the resolution, not what stands in the street. Raises
    ValueError naming the accepted cities, or the argument that is out of range.
    """
    if city not in CITIES:
        raise ValueError(f"unknown city {city!r}; accepted: {', '.join(CITIES)}")
    for name, value, least in (
        ("seed", seed, 0), ("index", index, 0), ("height", height, 16), ("width", width, 16),
    ):  # fmt: skip
        if value < least:
            raise ValueError(f"{name}={value}: accepted are whole numbers from {least}")
    rng = np.random.default_rng([seed, index, zlib.crc32(city.encode())])
    street = lay_out(CITIES[city], rng)
    items = furnish(street, rng)
    view = rng.uniform(0.42, 0.5), rng.uniform(1.4, 1.8)

    canvas = Canvas(Camera(2 * height, 2 * width, 2 * height * view[0], view[1]))
    glow = _paint(canvas, street, items, rng)
    image = cv2.resize(canvas.buffer[..., :3], (width, height), interpolation=cv2.INTER_AREA)
    ids = _majority(canvas.ids())
    labels = np.array(canvas.labels, np.uint8)[ids]
    depth = canvas.depth(ids, Camera(height, width, height * view[0], view[1]))
    haze = (1 - np.exp(-np.where(np.isinf(depth), 0, depth) / 420))[..., None]
    image = image + (HAZE - image) * haze
    return Scene(
        image=to_image(image),
        label=labels,
        depth=depth,
        glow=cv2.resize(glow, (width, height), interpolation=cv2.INTER_AREA),
    )


def _paint(
    canvas: Canvas, street: Street, items: list[Item], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Paint everything from far to near; returns the light given off, float32 [H, W, 3]."""
    ground, facades = Ground.of(canvas, street), Facades()
    paint_sky(canvas, street, rng)
    cast_shadows(canvas, street, ground, items)
    paint_backdrop(canvas, street, rng)
    # what stands before a house is nearer than the house's far end
    stock = [(house.far, house) for house in street.houses] + [(item.z, item) for item in items]
    for _, thing in sorted(stock, key=lambda pair: -pair[0]):
        if isinstance(thing, House):
            paint_house(canvas, street, thing, facades)
        elif canvas.camera.sees(street.x(thing.s, thing.z), thing.z + thing.length, 3):
            PAINTERS[thing.kind](canvas, street, thing)
    shade_ground(canvas, street, ground)
    pixels, windows = shade_facades(canvas, facades)
    glow = np.take(np.array(canvas.glows, np.float32), canvas.ids(), axis=0)
    glow.reshape(-1, 3)[pixels] = windows
    return glow


def _majority(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """The most frequent number of each 2x2 block; the first where none is."""
    a, b, c, d = ids[::2, ::2], ids[::2, 1::2], ids[1::2, ::2], ids[1::2, 1::2]
    rest = np.where((b == c) | (b == d), b, np.where(c == d, c, a))
    return np.where((a == b) | (a == c) | (a == d), a, rest)
