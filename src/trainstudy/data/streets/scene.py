"""What a drawn street scene consists of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scene:
    """An image with its ground truth.

    image uint8 [H, W, 3] RGB; label uint8 [H, W], ids of `CLASSES`; depth float32 [H, W], metres
    along the optical axis, infinite in the sky; glow float32 [H, W, 3], RGB light (0..255) that
    lamps and windows give off after dark, or None where it is not known.
    """

    image: Image
    label: NDArray[np.uint8]
    depth: Floats
    glow: Floats | None = None


def to_image(values: Floats) -> Image:
    """Colour values, rounded and clipped to 0..255, as uint8."""
    image: Image = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return image
