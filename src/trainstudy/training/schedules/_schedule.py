"""What every schedule shares: a linear warm-up, its text form, and the rate at an iteration."""

from abc import ABC, abstractmethod

from pydantic import BaseModel, ConfigDict, NonNegativeInt


class Schedule(BaseModel, ABC):
    """A learning rate as a pure function of the iteration.

    ``warmup`` iterations rise linearly to the value the schedule has there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    warmup: NonNegativeInt = 0

    @abstractmethod
    def after_warmup(self, base: float, step: int) -> float:
        """The rate once ``step`` updates have been made, warm-up left aside."""

    @classmethod
    def name(cls) -> str:
        return cls.__name__.lower()

    def rate(self, base: float, iteration: int) -> float:
        """The rate used by update number ``iteration`` (from 1) where the peak rate is ``base``.

        The first update uses the schedule's value at zero, as in mmengine and torch.
        Raises ValueError for an iteration below 1.
        """
        if iteration < 1:
            raise ValueError(f"iterations count from 1, got {iteration}")
        step = iteration - 1
        rate = self.after_warmup(base, step)
        return rate * iteration / (self.warmup + 1) if step < self.warmup else rate

    def floor_from(self) -> int | None:
        """The iteration from which the rate no longer changes, None where it does not decay."""
        return None

    def __str__(self) -> str:
        return f"{self.name()}:" + ",".join(f"{k}={v!r}" for k, v in self.model_dump().items())
