"""Shadow: one polygon of random corners on the lower half, at half the lightness."""

import cv2
import numpy as np

from trainstudy.strategies._automold.lightness import Image, lightness, relight

CORNERS = (3, 10)
DEPTH = 0.5  # share of the lightness that is left


def apply(image: Image, rng: np.random.Generator) -> Image:
    """An image uint8 [H,W,3] with a shadow; number and places of its corners are drawn."""
    height, width = image.shape[:2]
    corners = rng.uniform(
        (0, height / 2), (width, height), (rng.integers(*CORNERS, endpoint=True), 2)
    )
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [corners.astype(np.int32)], 1)
    light = lightness(image)
    return relight(image, np.where(mask, light * np.float32(DEPTH), light))
