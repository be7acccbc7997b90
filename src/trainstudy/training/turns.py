"""Trainings that take turns: several small runs in one process fill a GPU that one leaves idle.

Each run has a CUDA stream of its own, so what they queue overlaps on the device. Runs share nothing
else: no run's numbers depend on which others trained beside it.
"""

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

Result = TypeVar("Result")
Training = Generator[int, None, Result]


def exhaust(training: Training[Result]) -> Result:
    """Run one training to its end."""
    while True:
        try:
            next(training)
        except StopIteration as end:
            result: Result = end.value
            return result


def take_turns(
    starts: Sequence[Callable[[], Training[Result]]],
    *,
    at_once: int | None = None,
    after: Sequence[int | None] | None = None,
) -> list[Result]:
    """Run trainings to their ends, an iteration of each in turn; their results in order.

    ``starts`` make them; at most ``at_once`` are under way, the first ones first. ``after`` names
    for each the place of one that has to end before it starts. Where some fail the others go on,
    without those that wait for them; then the exceptions are raised, a single one as it is.
    """
    needs = after or [None] * len(starts)
    waiting, active = list(range(len(starts))), dict[int, Training[Result]]()
    results: dict[int, Result] = {}
    failures: dict[int, Exception] = {}
    while waiting or active:
        for place in list(waiting):
            if needs[place] in failures:
                failures[place] = failures[needs[place] or 0]
                waiting.remove(place)
            elif len(active) < (at_once or len(starts)) and needs[place] in (None, *results):
                active[place] = starts[place]()
                waiting.remove(place)
        for place, training in list(active.items()):
            try:
                next(training)
                continue
            except StopIteration as end:
                results[place] = end.value
            except Exception as error:
                failures[place] = error
            del active[place]
    raise_failures(failures, len(starts))
    return [results[place] for place in range(len(starts))]


def raise_failures(failures: dict[int, Exception], count: int) -> None:
    """Raise what ended some of ``count`` trainings: a single exception as it is, several as a
    group, each once."""
    distinct = list({id(error): error for error in failures.values()}.values())
    if len(distinct) == 1:
        raise distinct[0]
    if distinct:
        raise ExceptionGroup(f"{len(distinct)} of {count} trainings failed", distinct)
