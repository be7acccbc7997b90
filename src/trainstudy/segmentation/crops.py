"""Random scale, crop and flip: what every training image goes through, whatever the strategy."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

SCALES = (0.5, 2.0)


def random_crop(
    images: Tensor, labels: Tensor, size: tuple[int, int], draws: Sequence[np.random.Generator]
) -> tuple[Tensor, Tensor]:
    """Crops [B,3,h,w] and [B,h,w] of uint8 images [B,3,H,W] and labels [B,H,W].

    Each image is scaled by a factor in ``SCALES`` (uniform in the logarithm), cropped where
    the scaled image allows, and flipped half of the time. Where the scaled image is smaller than
    the crop, black pixels labelled 255 fill the rest. One generator an image.
    """
    crops, targets = [], []
    for image, label, draw in zip(images, labels, draws, strict=True):
        factor = float(np.exp(draw.uniform(*np.log(SCALES))))
        height, width = (max(1, round(length * factor)) for length in label.shape)
        top = int(draw.integers(max(0, height - size[0]) + 1))
        left = int(draw.integers(max(0, width - size[1]) + 1))
        flip = bool(draw.random() < 0.5)
        window = (slice(top, top + size[0]), slice(left, left + size[1]))
        scaled = F.interpolate(
            image[None].float(), (height, width), mode="bilinear", antialias=factor < 1
        )[0, :, *window]
        chosen = F.interpolate(label[None, None].float(), (height, width), mode="nearest-exact")
        target = chosen[0, 0][window]
        if flip:
            scaled, target = scaled.flip(-1), target.flip(-1)
        padding = (0, size[1] - target.shape[1], 0, size[0] - target.shape[0])
        crops.append(F.pad(scaled.round().clamp(0, 255), padding))
        targets.append(F.pad(target, padding, value=255))
    return torch.stack(crops).to(torch.uint8), torch.stack(targets).to(torch.uint8)
