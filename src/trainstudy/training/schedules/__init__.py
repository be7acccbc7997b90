"""Learning-rate schedules: pure functions of the iteration, written as ``name:key=value,...``.

One schedule is one file of this package. ``parse`` turns the text of a parameter into a schedule,
``str(schedule)`` gives the full text back, every key included: that text is what a run records.
"""

from pydantic import ValidationError

from trainstudy.training.schedules._schedule import Schedule
from trainstudy.training.schedules.constant import Constant
from trainstudy.training.schedules.cooldown import Cooldown
from trainstudy.training.schedules.cosine import Cosine
from trainstudy.training.schedules.poly import Poly
from trainstudy.training.schedules.step import Step

__all__ = ["SCHEDULES", "Schedule", "parse", "refuse_floor_above"]

SCHEDULES: dict[str, type[Schedule]] = {
    kind.name(): kind for kind in (Constant, Cooldown, Cosine, Poly, Step)
}


def parse(text: str) -> Schedule:
    """The schedule that ``text`` describes, e.g. ``poly:end=80000,warmup=500``.

    Raises ValueError naming the accepted schedules, or the keys of the one that was named.
    """
    name, _, arguments = text.strip().partition(":")
    if name not in SCHEDULES:
        raise ValueError(f"unknown schedule {name!r}; accepted: {', '.join(sorted(SCHEDULES))}")
    kind = SCHEDULES[name]
    usage = f"{name}:" + ",".join(f"{key}=..." for key in kind.model_fields)
    values: dict[str, str] = {}
    for item in filter(None, arguments.split(",")):
        key, equals, value = (part.strip() for part in item.partition("="))
        if not equals or key in values:
            raise ValueError(f"schedule {text!r}: cannot read {item!r}; the form is {usage}")
        values[key] = value
    try:
        return kind.model_validate_strings(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise ValueError(f"schedule {text!r}: {faults}; the form is {usage}") from None


def refuse_floor_above(schedule: Schedule, rate: float, parameter: str = "learning_rate") -> None:
    """Raise ValueError where the floor is above the base rate, which it would have rise.

    A floor is an absolute rate. ``parameter`` names the one that ``rate`` comes from.
    """
    floor = getattr(schedule, "floor", None)
    if floor is not None and floor > rate:
        raise ValueError(
            f"parameter 'schedule': the floor of {schedule}, {floor}, is above "
            f"{parameter!r}, {rate}: choose one that is not"
        )
