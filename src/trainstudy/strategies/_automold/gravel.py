"""Gravel: patches of specks of random lightness on the lowest quarter, where the road is."""

import numpy as np

from trainstudy.strategies._automold.lightness import Image, lightness, pixels, relight

PATCHES = 8
SPECK = 4  # pixels across, in the library's size
COVER = 0.8  # share of a patch that specks lie on


def apply(image: Image, rng: np.random.Generator) -> Image:
    """An image uint8 [H,W,3] with gravel; patches, specks and their lightness are drawn."""
    height, width = image.shape[:2]
    speck = max(1, round(pixels(SPECK, image)))
    cells = (-(-height // speck), -(-width // speck))
    stones = np.where(rng.random(cells) < COVER, rng.uniform(0, 255, cells), -1)  # -1: no stone
    stones = stones.astype(np.float32).repeat(speck, 0).repeat(speck, 1)[:height, :width]
    patches = np.zeros((height, width), bool)
    corners = rng.uniform((0, 0.75 * height), (width, height), (PATCHES, 2, 2)).astype(int)
    for (left, top), (right, bottom) in zip(corners.min(1), corners.max(1), strict=True):
        patches[top : bottom + 1, left : right + 1] = True
    return relight(image, np.where(patches & (stones >= 0), stones, lightness(image)))
