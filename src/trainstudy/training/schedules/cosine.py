"""The cosine decay: half a wave from the base rate to the floor."""

import math

from pydantic import NonNegativeFloat, PositiveInt

from trainstudy.training.schedules._schedule import Schedule


class Cosine(Schedule):
    """``floor + (base - floor) (1 + cos(pi t / (end - 1))) / 2`` after t updates, then the floor.

    As with Poly, update number ``end`` is the first at the floor and the floor is an absolute rate:
    torch's and mmengine's CosineAnnealingLR with ``T_max = end - 1``. Source: Loshchilov and
    Hutter, "SGDR" (2017), one period without restarts.
    """

    end: PositiveInt
    floor: NonNegativeFloat = 1e-6

    def after_warmup(self, base: float, step: int) -> float:
        progress = min(1.0, step / max(1, self.end - 1))
        return self.floor + (base - self.floor) * (1 + math.cos(math.pi * progress)) / 2

    def floor_from(self) -> int:
        return self.end
