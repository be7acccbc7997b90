"""Smooth random textures."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.data.streets.scene import Floats

SIDE = 256
FloatArray = NDArray[np.floating]


def fractal(rng: np.random.Generator, height: int, width: int, cells: int = 4) -> Floats:
    """Cloud-like noise in 0..1, float32 [H, W]: four octaves, the coarsest `cells` across.

    The random numbers drawn do not depend on the size, so a larger image shows the same clouds.
    """
    total = np.zeros((height, width), np.float32)
    for octave in range(4):
        grid = rng.random((cells << octave, cells << octave), np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / 2**octave
    clouds: Floats = np.clip(total / 1.875, 0, 1)
    return clouds


@cache
def tile() -> Floats:
    """A fixed texture in 0..1, float32 [SIDE, SIDE], that repeats without a seam."""
    rng = np.random.default_rng(1)
    total = np.zeros((SIDE, SIDE), np.float32)
    for octave, cells in enumerate((8, 16, 32, 64, 256)):
        grid = np.pad(rng.random((cells, cells), np.float32), 2, mode="wrap")
        step = SIDE // cells
        whole = cv2.resize(grid, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += whole[2 * step : -2 * step, 2 * step : -2 * step] * 0.75**octave
    low, high = total.min(), total.max()
    total = (total - low) / (high - low)
    texture: Floats = total
    texture.setflags(write=False)
    return texture


def sample(u: FloatArray, v: FloatArray) -> Floats:
    """The fixed texture at texture coordinates u, v (one texel a unit)."""
    side = SIDE - 1
    at = (v.astype(np.int32) & side) * SIDE + (u.astype(np.int32) & side)
    texels: Floats = np.take(tile(), at)
    return texels


def frac(value: FloatArray) -> FloatArray:
    """The part behind the point, in 0..1 also below zero."""
    part: FloatArray = value - np.floor(value)
    return part
