"""Rain and snow in the air, as layers at different distances."""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.data.streets.camera import FOCAL
from trainstudy.data.streets.scene import Floats


def streaks(
    depth: Floats, distance: float, count: int, length: float, thickness: float, slant: float,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Opacity 0..1, float32 [H, W], of `count` streaks at a distance, hidden by what is nearer.

    distance, length and thickness in metres, slant in metres sideways a metre of fall. Streaks
    thinner than a pixel are one pixel wide and accordingly fainter, as the mean over a pixel is.
    """
    height, width = depth.shape
    scale = FOCAL * width / distance  # pixels a metre
    start = rng.uniform(-0.1, 1.1, (count, 2)) * (width, height)
    fall = length * scale * rng.uniform(0.6, 1.2, (count, 1)) * (slant, 1.0)
    lines = np.stack([start, start + fall], axis=1)
    mask: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
    wide = thickness * scale
    paths = list(np.rint(16 * lines).astype(np.int32))
    cv2.polylines(mask, paths, False, 255, max(1, round(wide)), cv2.LINE_AA, 4)
    return mask * (depth > distance) * np.float32(min(1.0, max(wide, 0.25)) / 255)
