"""One task alone: what every way of training several is compared with."""

from collections.abc import Iterable

from trainstudy.multitask.ways._way import Phase, Stage


def stages(tasks: tuple[str, ...], epochs: float) -> tuple[Stage, ...]:
    """One stage. Raises ValueError unless there is one task."""
    if len(tasks) != 1:
        raise ValueError(f"single is of one task, got {', '.join(tasks)}")
    return (Stage(tasks[0], tasks, (Phase(epochs, tasks),)),)


def equal_budget(plan: Iterable[Stage]) -> tuple[Stage, ...]:
    """Each task of a plan alone, for as many epochs as the plan gives it."""
    return tuple(stages((task,), epochs)[0] for task, epochs in _epochs(plan).items())


def equal_cost(plan: Iterable[Stage]) -> tuple[Stage, ...]:
    """Each task of a plan alone, for as many epochs as the plan gives all tasks together.

    The name tells the length, "seg@150": it is another training than "seg".
    """
    each = _epochs(plan)
    total = sum(each.values())
    return tuple(Stage(f"{task}@{total:g}", (task,), (Phase(total, (task,)),)) for task in each)


def _epochs(plan: Iterable[Stage]) -> dict[str, float]:
    each: dict[str, float] = {}
    for stage in plan:
        for phase in stage.phases:
            for task in phase.tasks:
                each[task] = each.get(task, 0) + phase.epochs
    return {task: round(epochs, 6) for task, epochs in each.items()}  # 0.7 + 5.6 + 0.7 is 7
