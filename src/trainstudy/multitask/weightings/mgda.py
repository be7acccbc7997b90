"""MGDA: the shortest convex combination of the gradients."""

from typing import Any

from torchjd import aggregation

from trainstudy.multitask.weightings._gradients import GradientWeighting


class Mgda(GradientWeighting):
    """K times the shortest vector of the gradients' convex hull, by at most 100 Frank-Wolfe steps.

    Source: Désidéri, "Multiple-gradient descent algorithm (MGDA) for multiobjective optimization"
    (2012); Sener and Koltun, "Multi-task learning as multi-objective optimization" (2018),
    algorithm 2, without its normalisation of the gradients.
    """

    averages = True

    def make(self) -> Any:
        return aggregation.MGDA()


WEIGHTING = Mgda
