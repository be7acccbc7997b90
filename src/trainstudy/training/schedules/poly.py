"""The polynomial decay of the published study (mmsegmentation's default)."""

from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from trainstudy.training.schedules._schedule import Schedule


class Poly(Schedule):
    """``(base - floor) (1 - t / end)^power + floor`` up to ``end``, and the floor from there on.

    Defaults are the published study's: 80,000 iterations, power 0.9, floor 1e-6 (an absolute
    rate, for every parameter group, as mmengine's ``eta_min``). Source: Liu, Rabinovich and Berg,
    "ParseNet" (2015), for the poly rule in segmentation.
    """

    end: PositiveInt = 80_000
    power: PositiveFloat = 0.9
    floor: NonNegativeFloat = 1e-6

    def after_warmup(self, base: float, step: int) -> float:
        remaining = max(0.0, 1.0 - step / self.end)
        return float((base - self.floor) * remaining**self.power + self.floor)

    def floor_from(self) -> int:
        return self.end + 1
