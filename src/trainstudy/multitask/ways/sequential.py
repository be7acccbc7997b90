"""One task after the other, each starting from the weights the one before left."""

from collections.abc import Mapping

from trainstudy.multitask.ways._way import Phase, Stage


def stages(tasks: tuple[str, ...], epochs: float | Mapping[str, float]) -> tuple[Stage, ...]:
    """One stage a task, of ``epochs`` epochs each, or of as many as are told for its task."""
    names = [">".join(tasks[: place + 1]) for place in range(len(tasks))]
    each = epochs if isinstance(epochs, Mapping) else dict.fromkeys(tasks, epochs)
    return tuple(
        Stage(name, (task,), (Phase(each[task], (task,)),), parent, tasks[:place])
        for place, (name, task, parent) in enumerate(
            zip(names, tasks, [None, *names[:-1]], strict=True)
        )
    )
