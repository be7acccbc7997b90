"""Mixup: every image is blended with another, and the loss with it.

Source: Zhang, Cissé, Dauphin and Lopez-Paz, "mixup: Beyond empirical risk minimization" (2018),
with the alpha of their ImageNet results. A pixel that one label map ignores is ignored there only.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainstudy.strategies._partners import partners
from trainstudy.strategies._strategy import Augmented, Strategy
from trainstudy.training.upload import upload

ALPHA = 0.2


class Mixup(Strategy):
    """A share from Beta(alpha, alpha) an image; a batch of one stays as it is."""

    def effective(self) -> dict[str, Any]:
        return {"mixup": {"alpha": ALPHA}}

    def augment(
        self, images: Tensor, labels: Tensor, draws: Sequence[np.random.Generator]
    ) -> Augmented:
        if len(draws) == 1:
            return Augmented(images, labels)
        other = upload(partners(draws), images, torch.long)
        share = upload([draw.beta(ALPHA, ALPHA) for draw in draws], images)
        own = images.float()
        mixed = torch.lerp(own[other], own, share.view(-1, 1, 1, 1))
        return Augmented(
            mixed.round().to(torch.uint8),
            torch.stack((labels, labels[other]), dim=1),
            torch.stack((share, 1 - share), dim=1),
        )


STRATEGY = Mixup()
