"""The polynomial decay of the published study (mmsegmentation's default)."""

from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from trainstudy.training.schedules._schedule import Schedule


class Poly(Schedule):
    """``(base - floor) (1 - t / (end - 1))^power + floor`` after t updates, then the floor.

    Defaults are the published study's: 80,000 iterations, power 0.9, floor 1e-6 (an absolute
    rate, for every parameter group, as mmengine's ``eta_min``); the rates are mmengine's PolyLR's,
    whose update number ``end`` is the first at the floor. Source: Liu, Rabinovich and Berg,
    "ParseNet" (2015), for the poly rule in segmentation.
    """

    end: PositiveInt = 80_000
    power: PositiveFloat = 0.9
    floor: NonNegativeFloat = 1e-6

    def after_warmup(self, base: float, step: int) -> float:
        remaining = max(0.0, 1.0 - step / max(1, self.end - 1))
        return float((base - self.floor) * remaining**self.power + self.floor)

    def floor_from(self) -> int:
        return self.end
