"""GradDrop: at every coordinate one sign is drawn, and gradients of the other are dropped."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class GradDrop(GradientWeighting):
    """The positive ones are kept with the probability of their share; no leak, and no weights.

    Source: Chen et al., "Just pick a sign: Optimizing deep multitask models with gradient sign
    dropout" (2020), algorithm 1, on the gradients of the parameters.
    """

    def make(self) -> Any:
        return aggregation.GradDrop()


WEIGHTING = GradDrop
