"""RandAugment: two operations an image, drawn uniformly, all at one magnitude.

Source: Cubuk, Zoph, Shlens and Le, "RandAugment" (2020). Geometric operations move the labels too;
what comes in from outside is ignored by the loss.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainstudy.strategies import _operations as ops
from trainstudy.strategies._strategy import Strategy

OPERATIONS, MAGNITUDE, MAXIMUM = 2, 9, 30  # N and M, and the scale that M is counted on

_strength = MAGNITUDE / MAXIMUM
# operation and its magnitude at M; where the sign is free it is drawn for every image
_COLOUR: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], float, bool]] = {
    "brightness": (ops.brightness, 0.9 * _strength, True),
    "color": (ops.color, 0.9 * _strength, True),
    "contrast": (ops.contrast, 0.9 * _strength, True),
    "sharpness": (ops.sharpness, 0.9 * _strength, True),
    "posterize": (ops.posterize, 8 - round(4 * _strength), False),
    "solarize": (ops.solarize, 255 * (1 - _strength), False),
    "autocontrast": (ops.autocontrast, 0, False),
    "equalize": (ops.equalize, 0, False),
}
_GEOMETRY = ("rotate", "shear_x", "shear_y", "translate_x", "translate_y")
NAMES = ("identity", *_COLOUR, *_GEOMETRY)


class RandAugment(Strategy):
    """N operations of one magnitude on every image."""

    def effective(self) -> dict[str, Any]:
        return {"randaugment": {"operations": OPERATIONS, "magnitude": MAGNITUDE, "of": NAMES}}

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> tuple[Tensor, Tensor]:
        pixels = images.float()
        for _ in range(OPERATIONS):
            # drawn on the host, so that a device never waits to learn which operation is next
            chosen = [NAMES[draw.integers(len(NAMES))] for draw in draws]
            signs = [1.0 if draw.random() < 0.5 else -1.0 for draw in draws]
            for name in sorted(set(chosen)):
                rows = [row for row, choice in enumerate(chosen) if choice == name]
                if name in _COLOUR:
                    operation, magnitude, signed = _COLOUR[name]
                    values = [magnitude * signs[row] if signed else magnitude for row in rows]
                    pixels[rows] = operation(pixels[rows], pixels.new_tensor(values))
                elif name in _GEOMETRY:
                    matrices = torch.stack(
                        [_matrix(name, signs[row], images.shape[-2:]) for row in rows]
                    )
                    pixels[rows], labels[rows] = ops.affine(pixels[rows], labels[rows], matrices)
        return pixels.round().clamp(0, 255).to(torch.uint8), labels


def _matrix(name: str, sign: float, size: tuple[int, ...]) -> Tensor:
    """The output-to-input map [2,3] of one geometric operation, in pixels."""
    angle = math.radians(30 * _strength) * sign
    slope = 0.3 * _strength * sign
    shift = [150 / 331 * _strength * sign * length for length in (size[1], size[0])]
    identity = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    if name == "rotate":
        cos, sin = math.cos(angle), math.sin(angle)
        return torch.tensor([[cos, -sin, 0.0], [sin, cos, 0.0]])
    row, column, value = {
        "shear_x": (0, 1, slope),
        "shear_y": (1, 0, slope),
        "translate_x": (0, 2, shift[0]),
        "translate_y": (1, 2, shift[1]),
    }[name]
    identity[row, column] = value
    return identity


STRATEGY = RandAugment()
