"""The step decay: a constant rate that drops by a factor every so many iterations."""

from pydantic import Field, NonNegativeFloat, PositiveInt

from trainstudy.training.schedules._schedule import Schedule


class Step(Schedule):
    """``max(floor, base gamma^k)`` after ``k every`` to ``(k + 1) every - 1`` updates.

    With floor 0 torch's StepLR, where ``every`` is its ``step_size``.
    """

    every: PositiveInt
    gamma: float = Field(default=0.1, gt=0, lt=1)
    floor: NonNegativeFloat = 1e-6

    def after_warmup(self, base: float, step: int) -> float:
        dropped = base * self.gamma ** (step // self.every)
        return max(min(self.floor, base), dropped)
