"""A constant rate with a cooldown: what a branch off a constant trunk is trained under."""

import math

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt, field_validator
from pydantic import ValidationInfo as Info

from trainstudy.training.schedules._schedule import Schedule


class Cooldown(Schedule):
    """The base rate until ``start`` updates have been made, then, after t updates,
    ``floor + (base - floor) (1 - sqrt((t - start) / (end - 1 - start)))``, then the floor.

    Update number ``start + 1`` is the last at the base rate, so a branch joins its trunk without a
    step, and update number ``end`` the first at the floor, as with Poly. Source: Hägele et al.,
    "Scaling laws and compute-optimal training beyond fixed training durations" (2024), the 1-sqrt
    form; there the divisor is ``end - start`` and the floor would be reached one update later.
    """

    start: NonNegativeInt
    end: PositiveInt
    floor: NonNegativeFloat = 1e-6

    @field_validator("end")
    @classmethod
    def _leaves_room(cls, end: int, info: Info) -> int:
        if end < info.data.get("start", 0) + 2:
            raise ValueError("must be at least start + 2: one update at the base rate, one below")
        return end

    def after_warmup(self, base: float, step: int) -> float:
        if step <= self.start:
            return base
        progress = min(1.0, (step - self.start) / (self.end - 1 - self.start))
        return self.floor + (base - self.floor) * (1 - math.sqrt(progress))

    def floor_from(self) -> int:
        return self.end
