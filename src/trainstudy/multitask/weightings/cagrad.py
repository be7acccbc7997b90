"""CAGrad: the best for the task that gains least, not far from the sum of the gradients."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting

RADIUS = 0.4  # c of the paper, as there for segmentation (NYU-v2, Cityscapes)


class CaGrad(GradientWeighting):
    """The sum g of the gradients, moved by at most 0.4 times its length.

    With one task that is 1.4 times the gradient. Source: Liu, Liu, Jin, Stone and Liu,
    "Conflict-averse gradient descent for multi-task learning" (2021), algorithm 1.
    """

    averages = True

    def make(self) -> Any:
        return aggregation.CAGrad(c=RADIUS)


WEIGHTING = CaGrad
