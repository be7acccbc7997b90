"""Photometric distortion: brightness, contrast, saturation and hue, each half of the time.

Source: Liu et al., "SSD: Single shot multibox detector" (2016), with the settings and the draws of
mmsegmentation's PhotoMetricDistortion. That one cuts to whole levels after every step and turns hue
in an 8-bit HSV of 2 degrees; here values are rounded once, at the end.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainstudy.strategies._strategy import Augmented, Strategy
from trainstudy.training.upload import upload

BRIGHTNESS = 32  # levels, of 255
CONTRAST = SATURATION = (0.5, 1.5)
HUE = 18  # of OpenCV's 180 for a turn; whole ones from -18 to 17


class PhotoMetricDistortion(Strategy):
    """The whole batch at once: a step that an image does without adds 0 or multiplies by 1."""

    def effective(self) -> dict[str, Any]:
        settings = {"brightness": BRIGHTNESS, "contrast": CONTRAST, "saturation": SATURATION}
        return {"photometric_distort": {**settings, "hue": HUE}}

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> Augmented:
        drawn = upload([distortion(draw) for draw in draws], images)
        return Augmented(distort(images, drawn).round().to(torch.uint8), labels)


def distortion(draw: np.random.Generator) -> tuple[float, float, float, float, float]:
    """Brightness in levels, contrast before, saturation, hue, contrast after, for one image."""
    bright, contrasted, saturated, turned, early = draw.random(5) < 0.5
    brightness = draw.uniform(-BRIGHTNESS, BRIGHTNESS) if bright else 0.0
    contrast = draw.uniform(*CONTRAST) if contrasted else 1.0
    saturation = draw.uniform(*SATURATION) if saturated else 1.0
    hue = float(draw.integers(-HUE, HUE)) if turned else 0.0
    return brightness, contrast if early else 1.0, saturation, hue, 1.0 if early else contrast


def distort(images: Tensor, distortions: Tensor) -> Tensor:
    """Float [B,3,H,W] in 0..255 of RGB ``images`` uint8 and one row of ``distortions`` each."""
    brightness, before, saturation, hue, after = distortions.view(-1, 5, 1, 1, 1).unbind(1)
    pixels = (images + brightness).clamp_(0, 255).mul_(before).clamp_(0, 255)
    return _saturate_and_turn(pixels, saturation, hue / 30).mul_(after).clamp_(0, 255)


def _saturate_and_turn(pixels: Tensor, saturation: Tensor, sixths: Tensor) -> Tensor:
    """Multiply the saturation of HSV and turn its hue by ``sixths`` of a circle, less than one.

    A channel lies below the value, which stays, by the chroma times a trapezoid: 1 near the hue
    opposite to the channel, 0 from two sixths away. So HSV is never written out.
    """
    red, green, blue = pixels.split_with_sizes((1, 1, 1), 1)
    value = torch.maximum(torch.maximum(red, green), blue)
    chroma = value - torch.minimum(torch.minimum(red, green), blue)
    hue = torch.where(green == value, (blue - red).add_(chroma, alpha=2), red - green + 4 * chroma)
    hue = torch.where(red == value, green - blue, hue)
    hue = hue.div_(chroma.clamp(min=1e-6)).add_(sixths)  # grey has no hue: any will do
    # cyan, magenta and yellow, at 3, 5 and 1 sixths
    opposite = (3 + 2 * torch.arange(3, device=pixels.device)).remainder_(6).view(3, 1, 1)
    depth = (hue - opposite).abs_().sub_(3).abs_().sub_(1).clamp_(0, 1)
    return value.addcmul(torch.minimum(chroma.mul_(saturation), value), depth, value=-1)


STRATEGY = PhotoMetricDistortion()
