"""One task more a stage, all tasks so far trained together: sequential with nothing taken away."""

from itertools import accumulate

from trainstudy.multitask.ways._way import Phase, Stage


def stages(tasks: tuple[str, ...], epochs: float) -> tuple[Stage, ...]:
    """Stage k trains the first k tasks, of ``epochs`` epochs each."""
    found: list[Stage] = []
    for so_far in accumulate((task,) for task in tasks):
        parent = found[-1].name if found else None
        name = ">".join(filter(None, (parent, "+".join(so_far))))
        found.append(Stage(name, so_far, (Phase(epochs, so_far),), parent))
    return tuple(found)
