"""Rain: slanted grey lines, the whole blurred as seen through wet air, and less lightness."""

import cv2
import numpy as np

from trainstudy.strategies._automold.lightness import Image, lightness, pixels, relight

KINDS = ((770, 10), (600, 30), (500, 60))  # drizzle, heavy, torrential: pixels a drop, its length
SLANT = 10  # pixels sideways, to either side
COLOUR = (200, 200, 200)
BLUR = 7  # pixels
LIGHT = 0.7  # share of the lightness that is left


def apply(image: Image, rng: np.random.Generator) -> Image:
    """A rainy image uint8 [H,W,3]; kind and slant of the rain and its drops are drawn."""
    height, width = image.shape[:2]
    area, length = KINDS[rng.integers(len(KINDS))]
    fall = pixels(1, image) * np.array((rng.uniform(-SLANT, SLANT), length))
    # a line is no thinner than a pixel: in a small image fewer of them cover as much
    count = round(height * width / area / pixels(1, image))
    start = rng.uniform((0, 0), (width, max(1, height - fall[1])), (count, 2))
    lines = np.rint(16 * np.stack([start, start + fall], axis=1)).astype(np.int32)
    wet = image.copy()
    cv2.polylines(wet, list(lines), False, COLOUR, 1, cv2.LINE_AA, 4)
    wide = round(pixels(BLUR, image)) | 1
    wet = np.asarray(cv2.blur(wet, (wide, wide)), np.uint8)
    return relight(wet, lightness(wet) * np.float32(LIGHT))
