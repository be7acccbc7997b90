"""All tasks together: each alone to warm up, then all at once, then all at a lower rate.

As in the report: 5, 40 and 5 epochs of 50.
"""

from collections.abc import Mapping
from itertools import pairwise

from trainstudy.multitask.ways._way import Phase, Stage


def stages(
    tasks: tuple[str, ...],
    epochs: float,
    warmup_epochs: float | Mapping[str, float] | None = None,
    transition_epochs: float = 0,
    finetune_epochs: float | None = None,
    finetune_rate: float = 0.1,
) -> tuple[Stage, ...]:
    """One stage; ``warmup_epochs`` and ``finetune_epochs`` are, unless given, a tenth.

    The warm-up may differ by task: a longer one starts earlier, so that all end together. During
    the transition more and more iterations train all tasks. What is left of ``epochs`` is joint, in
    the mean over the tasks: whatever the lengths, the stage costs ``epochs`` epochs a task, to
    within a batch a phase.
    Raises ValueError naming the length that does not fit.
    """
    warm = warmup_epochs if isinstance(warmup_epochs, Mapping) else dict.fromkeys(
        tasks, epochs / 10 if warmup_epochs is None else warmup_epochs
    )  # fmt: skip
    tune = epochs / 10 if finetune_epochs is None else finetune_epochs
    if set(warm) != set(tasks):
        raise ValueError(
            f"parameter 'warmup_epochs': a length for each of {', '.join(tasks)}, got {warm}"
        )
    lengths = (*warm.values(), transition_epochs, tune)
    if not (all(length >= 0 for length in lengths) and finetune_rate > 0):
        raise ValueError("joint: no length may be below 0, and 'finetune_rate' must be above")
    together = epochs - sum(warm.values()) / len(tasks) - transition_epochs - tune
    if together < -1e-9:
        raise ValueError(
            "parameters 'warmup_epochs', 'transition_epochs' and 'finetune_epochs': they last "
            f"{epochs - together:g} of {epochs:g} epochs; by default two of them are a tenth each"
        )
    ends = sorted({0, *warm.values()}, reverse=True)  # counted back from the end of the warm-up
    phases = [
        Phase(longer - shorter, tuple(task for task in tasks if warm[task] >= longer), 1, "in turn")
        for longer, shorter in pairwise(ends)
    ]
    phases.append(Phase(transition_epochs, tasks, mix="ramp"))
    phases.append(Phase(max(together, 0), tasks))
    phases.append(Phase(tune, tasks, finetune_rate))
    return (Stage("+".join(tasks), tasks, tuple(phase for phase in phases if phase.epochs)),)
