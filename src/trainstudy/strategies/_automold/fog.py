"""Fog: faint white discs over each other, thickest about the middle, and a blur.

A pixel under n discs of opacity a keeps the share (1 - a)^n of itself, so the discs are counted
and not painted one by one.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.strategies._automold.lightness import Image, pixels

STRENGTH = (0.3, 1.0)
OPACITY = 0.08  # of one disc at full strength
DIAMETER = 1280 / 3  # pixels, at full strength
PER_RING = 0.1  # discs of the first ring, a pixel of diameter


def apply(image: Image, rng: np.random.Generator) -> Image:
    """A foggy image uint8 [H,W,3]; strength of the fog and places of the discs are drawn."""
    strength = rng.uniform(*STRENGTH)
    diameter = max(2, round(pixels(DIAMETER * strength, image)))
    first = round(PER_RING * DIAMETER * strength)
    discs = _count(image.shape[:2], diameter, first, rng)
    kept = ((1 - OPACITY * strength) ** np.arange(discs.max() + 1)).astype(np.float32)[discs]
    veiled = np.rint(255 + (image - np.float32(255)) * kept[..., None]).astype(np.uint8)
    wide = diameter // 10 | 1
    return np.asarray(cv2.blur(veiled, (wide, wide)), np.uint8)


def _count(
    shape: tuple[int, ...], diameter: int, first: int, rng: np.random.Generator
) -> NDArray[np.int32]:
    """How many discs lie on each pixel [H,W].

    Their centres are strewn over rectangles about the middle, each larger than the one before and
    with ``first`` more discs, until one holds the whole image.
    """
    height, width = shape
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter)).astype(np.int32)
    counts = np.zeros((height + 2 * diameter, width + 2 * diameter), np.int32)
    middle = np.array((height, width)) / 2
    reach, step = diameter * np.array((0.5, 1.5)), 3 * diameter * middle / middle.sum()
    ring = 0
    while ring == 0 or (reach - step < middle).any():
        ring += 1
        corners = middle + rng.uniform(-reach, reach, (ring * first, 2)) + diameter / 2
        for row, column in corners.astype(int).clip(0, (height + diameter, width + diameter)):
            counts[row : row + diameter, column : column + diameter] += disc
        reach = reach + step
    return counts[diameter:-diameter, diameter:-diameter]
