"""Equal weights: the sum of the losses as they are."""

import torch
from torch import Tensor

from trainstudy.multitask.weightings._weighting import Weighting


class Equal(Weighting):
    """Every loss has weight 1."""

    def weigh(self, losses: Tensor) -> Tensor:
        return torch.ones_like(losses)


WEIGHTING = Equal
