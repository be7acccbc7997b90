"""All tasks together: each alone to warm up, then all at once, then all at a lower rate.

As in the report: 5, 40 and 5 epochs of 50.
"""

from collections.abc import Mapping
from itertools import pairwise

from trainstudy.multitask.ways._way import Phase, Stage


def stages(
    tasks: tuple[str, ...],
    epochs: float,
    warmup: float | Mapping[str, float] | None = None,
    transition: float = 0,
    finetune: float | None = None,
    finetune_rate: float = 0.1,
) -> tuple[Stage, ...]:
    """One stage, all lengths in epochs; ``warmup`` and ``finetune`` are, unless given, a tenth.

    ``warmup`` may differ by task: a longer one starts earlier, so that all end together. During
    ``transition`` more and more iterations train all tasks. What is left of ``epochs`` is joint, in
    the mean over the tasks: whatever the lengths, the stage costs ``epochs`` epochs a task.
    Raises ValueError naming the length that does not fit.
    """
    warm = warmup if isinstance(warmup, Mapping) else dict.fromkeys(
        tasks, epochs / 10 if warmup is None else warmup
    )  # fmt: skip
    tune = epochs / 10 if finetune is None else finetune
    if set(warm) != set(tasks):
        raise ValueError(f"parameter 'warmup': a length for each of {', '.join(tasks)}, got {warm}")
    if not (
        all(length >= 0 for length in (*warm.values(), transition, tune)) and finetune_rate > 0
    ):
        raise ValueError("joint: no length may be below 0, and 'finetune_rate' must be above")
    together = epochs - sum(warm.values()) / len(tasks) - transition - tune
    if together < -1e-9:
        raise ValueError(
            "joint: 'warmup', 'transition' and 'finetune' last "
            f"{epochs - together:g} of {epochs:g} epochs"
        )
    ends = sorted({0, *warm.values()}, reverse=True)  # counted back from the end of the warm-up
    phases = [
        Phase(longer - shorter, tuple(task for task in tasks if warm[task] >= longer), 1, "in turn")
        for longer, shorter in pairwise(ends)
    ]
    phases.append(Phase(transition, tasks, mix="ramp"))
    phases.append(Phase(max(together, 0), tasks))
    phases.append(Phase(tune, tasks, finetune_rate))
    return (Stage("+".join(tasks), tasks, tuple(phase for phase in phases if phase.epochs)),)
