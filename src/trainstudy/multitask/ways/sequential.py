"""One task after the other, each starting from the weights the one before left."""

from trainstudy.multitask.ways._way import Phase, Stage


def stages(tasks: tuple[str, ...], epochs: float) -> tuple[Stage, ...]:
    """One stage a task, of ``epochs`` epochs each."""
    names = [">".join(tasks[: place + 1]) for place in range(len(tasks))]
    return tuple(
        Stage(name, (task,), (Phase(epochs, (task,)),), parent, tasks[:place])
        for place, (name, task, parent) in enumerate(
            zip(names, tasks, [None, *names[:-1]], strict=True)
        )
    )
