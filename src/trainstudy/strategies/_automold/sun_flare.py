"""Sun flare: a white glare in the upper half, and ghosts of the lens on a line through it."""

import math

import cv2
import numpy as np

from trainstudy.strategies._automold.lightness import Floats, Image, pixels

RADIUS = 400  # pixels of the glare
RINGS = 40  # discs it is painted of, each fainter than the next smaller one
GHOSTS = 8
GHOST_OPACITY = (0.05, 0.2)


def _glare() -> Floats:
    """What is left of a pixel under the discs from each ring outwards, float32 [RINGS + 1]."""
    opacity = np.linspace(1, 0, RINGS) ** 3
    return np.append(np.cumprod((1 - opacity)[::-1])[::-1], 1).astype(np.float32)


GLARE = _glare()


def apply(image: Image, rng: np.random.Generator) -> Image:
    """An image uint8 [H,W,3] against the sun; its place, the ghosts' line and they are drawn."""
    height, width = image.shape[:2]
    sun = rng.uniform((0, 0), (width, height / 2))
    angle = rng.uniform(0, math.pi)
    lit = image.copy()
    for _ in range(GHOSTS):
        place = sun + rng.uniform(-width, width) * np.array((math.cos(angle), math.sin(angle)))
        radius = max(1, round(pixels(int(rng.integers(1, 5, endpoint=True)) ** 3, image)))
        tint, opacity = rng.integers(205, 256, 3).tolist(), rng.uniform(*GHOST_OPACITY)
        ghost = cv2.circle(lit.copy(), np.rint(place).astype(int).tolist(), radius, tint, -1)
        lit = np.asarray(cv2.addWeighted(ghost, opacity, lit, 1 - opacity, 0), np.uint8)
    rows, columns = np.ogrid[:height, :width]
    distance = np.sqrt((columns - sun[0]) ** 2 + (rows - sun[1]) ** 2)
    ring = np.ceil(distance * ((RINGS - 1) / pixels(RADIUS, image))).clip(0, RINGS).astype(int)
    glaring: Image = np.rint(255 + (lit - np.float32(255)) * GLARE[ring][..., None]).astype(
        np.uint8
    )
    return glaring
