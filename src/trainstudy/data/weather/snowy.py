"""Snow: a cover on whatever is level, flakes in the air, flat light.

The cover is put on labels, not computed from a snowfall. Flakes are layers of discs blurred by
their fall, larger and fewer when near, as in Y.-F. Liu, D.-W. Jaw, S.-C. Huang and J.-N. Hwang,
"DesnowNet", IEEE Trans. Image Processing 27 (2018).
"""

import numpy as np

from trainstudy.data.classes import BUILDING, CAR, FENCE, PAVEMENT, ROAD, SKY, TREE
from trainstudy.data.streets.camera import FOCAL
from trainstudy.data.streets.noise import SIDE, fractal, sample
from trainstudy.data.streets.scene import Floats, Image, Scene, to_image
from trainstudy.data.weather.particles import streaks

_SNOW = np.array((226, 231, 238), np.float32)
_SKY = np.array((196, 201, 208), np.float32)


def apply(scene: Scene, rng: np.random.Generator) -> Image:
    """Cover and veil a scene; amount of snow, strength of the fall and wind are drawn at random."""
    height, width = scene.label.shape
    amount, fall, wind = rng.uniform(0.35, 0.9), rng.uniform(0.6, 1.0), rng.uniform(-0.5, 0.5)
    image = scene.image.astype(np.float32)
    grey = image.mean(axis=2, keepdims=True)
    image = 0.8 * (grey + 0.7 * (image - grey)) + 22  # light from everywhere
    clouds = 0.94 + 0.1 * fractal(rng, height, width)[..., None]
    image = np.where((scene.label == SKY)[..., None], _SKY * clouds, image)
    cover = _cover(scene, amount, rng)[..., None]
    shading = 0.9 + 0.1 * (grey / 255)  # what was in shadow stays a little darker
    image = image + (_SNOW * shading - image) * cover

    through = np.exp(-3.912 / (450 / fall) * np.minimum(scene.depth, 400))[..., None]
    image = _SKY + (image - _SKY) * through
    for distance, count in ((1.5, 16), (3.0, 70), (6.0, 240), (12.0, 500)):
        flakes = streaks(scene.depth, distance, int(count * fall), 0.02, 0.022, wind, rng)
        image += (250 - image) * (0.92 * flakes)[..., None]
    return to_image(image)


def _cover(scene: Scene, amount: float, rng: np.random.Generator) -> Floats:
    """Share of each pixel hidden by snow, float32 [H, W]."""
    label, depth = scene.label, np.minimum(scene.depth, 400)
    height, width = label.shape
    patches = fractal(rng, height, width, cells=8)
    # wheels leave lanes of slush, long in the direction of the road
    across = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / (FOCAL * width) * depth
    lanes = sample(across * 26 + 8 * SIDE, depth * 0.7)
    cover = np.zeros(label.shape, np.float32)
    cover = np.where(label == PAVEMENT, 0.5 + 0.45 * np.clip(amount + patches - 0.5, 0, 1), cover)
    slush = np.clip(1.5 * (amount - lanes) + 0.5 * patches, 0, 0.85)
    cover = np.where(label == ROAD, slush, cover)
    crown = 0.5 * np.clip((patches - 0.42) * 8, 0, 1) * amount
    cover = np.where(label == TREE, np.maximum(cover, crown), cover)
    # caps on what ends upwards, against something further off: deeper in pixels when near
    solid = np.isin(label, (BUILDING, CAR, FENCE, TREE))
    rows = np.arange(height)[:, None]
    starts = np.zeros(label.shape, bool)
    starts[1:] = (label[1:] != label[:-1]) & (depth[:-1] > 1.2 * depth[1:])
    changes = np.ones(label.shape, bool)
    changes[1:] = label[1:] != label[:-1]
    begin = np.maximum.accumulate(np.where(changes, rows, 0), axis=0)
    open_above = np.take_along_axis(starts, begin, axis=0)
    cap = 0.3 * amount * FOCAL * width / np.maximum(depth, 1)
    cap = np.where(label == BUILDING, 1.6 * cap, cap)
    capped = solid & open_above & (rows - begin < np.maximum(cap, 0.6))
    return np.where(capped, np.float32(0.9), cover).astype(np.float32)
