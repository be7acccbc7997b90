"""What RandAugment and AutoAugment share: steps of named operations, each image its own.

A step is an operation's name and its strength in -1..1, a share of the operation's range. Sources
as in ``_operations``; geometric operations move the labels too, and what comes in from outside is
ignored by the loss.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.strategies import _operations as ops
from trainstudy.strategies._strategy import Augmented, Strategy
from trainstudy.training.upload import upload

Step = tuple[str, float]

_COLOUR: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "brightness": ops.brightness,
    "color": ops.color,
    "contrast": ops.contrast,
    "sharpness": ops.sharpness,
    "posterize": ops.posterize,
    "solarize": ops.solarize,
    "autocontrast": ops.autocontrast,
    "equalize": ops.equalize,
    "invert": ops.invert,
}
_GEOMETRY = ("rotate", "shear_x", "shear_y", "translate_x", "translate_y")
NAMES = ("identity", *_COLOUR, *_GEOMETRY)
RANGES = {
    **dict.fromkeys(("brightness", "color", "contrast", "sharpness"), 0.9),  # change of the factor
    "posterize": 4,  # bits dropped
    "solarize": 255,  # levels below white that are inverted
    "rotate": 30,  # degrees
    **dict.fromkeys(("shear_x", "shear_y"), 0.3),
    **dict.fromkeys(("translate_x", "translate_y"), 150 / 331),  # share of the side
}
"""What strength 1 means; of the operations that are not named here, strength changes nothing."""


class Policy(Strategy):
    """A sequence of steps drawn for every image."""

    def steps(self, draw: np.random.Generator) -> list[Step]:
        """The steps of one image; every image has equally many."""
        raise NotImplementedError

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> Augmented:
        pixels, targets = images.float(), labels.clone()
        for steps in zip(*map(self.steps, draws), strict=True):
            apply(pixels, targets, steps)
        return Augmented(pixels.round().clamp(0, 255).to(torch.uint8), targets)


def apply(pixels: Tensor, labels: Tensor, steps: Sequence[Step]) -> None:
    """One step an image, in place: float ``pixels`` [B,3,H,W] and uint8 ``labels`` [B,H,W].

    Images are sorted by operation, so that each operation is called once, on slices of what was
    uploaded for all.
    """
    order = sorted(range(len(steps)), key=lambda row: _kind(steps[row]))
    rows = upload(order, pixels, torch.long)
    values = upload(np.stack([_values(steps[row], labels.shape[1:]) for row in order]), pixels)
    first = 0
    for kind, members in groupby(order, key=lambda row: _kind(steps[row])):
        here = slice(first, first + len(list(members)))
        first, chosen = here.stop, rows[here]
        if kind == "geometry":
            pixels[chosen], labels[chosen] = ops.affine(
                pixels[chosen], labels[chosen], values[here].view(-1, 2, 3)
            )
        elif kind != "identity":
            pixels[chosen] = _COLOUR[kind](pixels[chosen], values[here, 0])


def _kind(step: Step) -> str:
    return "geometry" if step[0] in _GEOMETRY else step[0]


def _values(step: Step, size: Sequence[int]) -> NDArray[np.float64]:
    """A colour's magnitude, then zeros; or the output-to-input map [2,3] in pixels, flattened."""
    name, strength = step
    amount = strength * RANGES.get(name, 0)
    if name not in _GEOMETRY:
        magnitude = {"posterize": 8 - round(abs(amount)), "solarize": 255 - abs(amount)}
        return np.array([magnitude.get(name, amount), 0, 0, 0, 0, 0])
    if name == "rotate":
        cos, sin = math.cos(math.radians(amount)), math.sin(math.radians(amount))
        return np.array([cos, -sin, 0, sin, cos, 0])
    values = np.array([1.0, 0, 0, 0, 1, 0])
    place, unit = {
        "shear_x": (1, 1),
        "shear_y": (3, 1),
        "translate_x": (2, size[1]),
        "translate_y": (5, size[0]),
    }[name]
    values[place] = amount * unit
    return values
