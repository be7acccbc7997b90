"""One task alone: what every way of training several is compared with."""

from trainstudy.multitask.ways._way import Phase, Stage


def stages(tasks: tuple[str, ...], epochs: float) -> tuple[Stage, ...]:
    """One stage. Raises ValueError unless there is one task."""
    if len(tasks) != 1:
        raise ValueError(f"parameter 'order': single is of one task, got {', '.join(tasks)}")
    return (Stage(tasks[0], tasks, (Phase(epochs, tasks),)),)
