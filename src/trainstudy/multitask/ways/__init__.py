"""Ways of training several tasks: which of them is trained when. One file is one way.

The text of an order names a way and its tasks, ``joint:seg,det``; ``joint`` alone is of all tasks,
and ``seg,det,cls`` alone is sequential. A new file with a function ``stages`` is found by its name;
the tests ask for its test and its paragraph.
"""

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from trainstudy import registry
from trainstudy.multitask.ways._way import Phase, Stage, active, iterations, seen
from trainstudy.tasks import TASKS

__all__ = [
    "WAYS", "Phase", "Stage", "active", "iterations", "seen", "stages",
]  # fmt: skip

WAYS = registry.names(__path__)


def stages(
    order: str, epochs: float | Mapping[str, float] = 50, **options: Any
) -> tuple[Stage, ...]:
    """The stages of an order, parents first, of ``epochs`` epochs each; of a sequence they can be
    told by task.

    Raises ValueError naming the accepted ways, tasks or options.
    """
    way, colon, listed = order.replace(" ", "").rpartition(":")
    alone = not colon and listed in WAYS
    way = listed if alone else way if colon else "sequential"
    tasks = TASKS if alone else tuple(listed.split(","))
    if way not in WAYS:
        raise ValueError(f"order {order!r}: unknown way {way!r}; accepted: {', '.join(WAYS)}")
    if not set(tasks) <= set(TASKS) or len(set(tasks)) < len(tasks):
        raise ValueError(f"order {order!r}: expected different ones of {', '.join(TASKS)}")
    if isinstance(epochs, Mapping) and (way != "sequential" or set(epochs) != set(tasks)):
        raise ValueError(
            f"parameter 'epochs': a number, or of a sequence one for each of its tasks; "
            f"order {order!r} got {dict(epochs)}"
        )
    for count in epochs.values() if isinstance(epochs, Mapping) else (epochs,):
        if not 0 < count < float("inf"):
            raise ValueError(f"parameter 'epochs': must be above 0 and finite, got {count}")
    plan = importlib.import_module(f"{__name__}.{way}").stages
    accepted = list(inspect.signature(plan).parameters)[2:]
    if unknown := sorted(set(options) - set(accepted)):
        raise ValueError(
            f"parameter {unknown[0]!r}: order {order!r} is {way}, which has "
            f"{', '.join(accepted) or 'nothing of the kind'}"
        )
    found: tuple[Stage, ...] = plan(tasks, epochs, **options)
    return found
