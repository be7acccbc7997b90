"""The constant schedule: every budget on its way is comparable, none of them is annealed."""

from trainstudy.training.schedules._schedule import Schedule


class Constant(Schedule):
    """The peak rate throughout, after the warm-up."""

    def after_warmup(self, base: float, step: int) -> float:
        return base
