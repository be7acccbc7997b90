"""The lightness of the HLS colour model, and pictures with another lightness but the same colours.

Lightness is the mean of a pixel's largest and smallest channel. Another lightness of equal hue and
saturation is every channel's distance from it scaled alike, so no conversion to 8-bit hues is
needed, and what keeps its lightness keeps its bits.
"""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

WIDTH = 1280
"""The width that the library's sizes in pixels are meant for."""


def pixels(size: float, image: Image) -> float:
    """A size given in pixels of an image ``WIDTH`` wide, in pixels of this one."""
    return size * int(image.shape[1]) / WIDTH


def lightness(image: Image) -> Floats:
    """float32 [H,W] in 0..255 of an RGB image uint8 [H,W,3]."""
    red, green, blue = (image[..., channel] for channel in range(3))
    highest = np.maximum(np.maximum(red, green), blue).astype(np.float32)
    light: Floats = (highest + np.minimum(np.minimum(red, green), blue)) / np.float32(2)
    return light


def relight(image: Image, wanted: Floats) -> Image:
    """The image at another lightness float32 [H,W], cut to 0..255.

    Colours may fade but never grow faster than the lightness. The library keeps the saturation: an
    overexposed sky, a hair off white, then darkens to a glaring cyan.
    """
    before, wanted = lightness(image), wanted.clip(0, 255)
    room = np.maximum(255 - np.abs(2 * before - 255), 1)
    scale = (255 - np.abs(2 * wanted - 255)) / room
    scale = np.minimum(scale, wanted / np.maximum(before, 1))
    shift = wanted - before * scale
    planes = [np.rint(image[..., channel] * scale + shift) for channel in range(3)]
    return np.stack([plane.astype(np.uint8) for plane in planes], axis=2)
