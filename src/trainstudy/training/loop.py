"""The training loop of both studies. It reads top to bottom; everything exact rests on its order.

An iteration draws only from (seed, iteration), so the loop can start at any checkpoint and do what
an uninterrupted run would have done. At every boundary (each ``interval`` iterations, and the last)
it validates, commits the metrics to disk, and only then writes the checkpoint that remembers how
long the committed metrics were: killed anywhere, a run falls back to the last boundary. Processes
that share a training all go through it; the first alone validates and writes.
"""

import math
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from trainstudy.files import naming, sync
from trainstudy.runs.record import (
    CHECKPOINTS,
    CONFUSIONS,
    METRICS,
    MetricsLog,
    ends_at,
    read_metrics,
)
from trainstudy.runs.selection import Rows
from trainstudy.training import checkpoint, distributed, dropout, optimizer_state
from trainstudy.training.checkpoint import Checkpoint
from trainstudy.training.exposure import Exposure
from trainstudy.training.randomness import seed_torch
from trainstudy.training.schedules import Schedule
from trainstudy.training.step import make_step
from trainstudy.training.task import Evaluation, Task
from trainstudy.training.turns import exhaust

FLUSH_EVERY = 50  # iterations between reads of the loss from a GPU: each read waits for it


@dataclass(frozen=True)
class Plan:
    """How far and how a run goes. ``interval`` is the distance of validations and checkpoints,
    which come at ``budgets`` and ``looks`` too; those at budgets are kept for good, those at the
    iterations that ``chosen`` gives for the validations so far, and of the others the last
    ``keep``."""

    schedule: Schedule
    seed: int
    until: int
    interval: int
    budgets: frozenset[int] = field(default_factory=frozenset)
    keep: int = 2
    looks: frozenset[int] = field(default_factory=frozenset)
    chosen: Callable[[Rows], set[int]] | None = None

    def stops_at(self, iteration: int) -> bool:
        """Whether the run validates and saves after this iteration."""
        named = iteration == self.until or iteration in self.budgets or iteration in self.looks
        return named or iteration % self.interval == 0


def train(
    task: Task, folder: Path, plan: Plan, *, origin: Checkpoint | None = None, quiet: bool = False
) -> tuple[int, dict[str, str]]:
    """Train ``task`` from its last sound checkpoint in ``folder`` up to ``plan.until``.

    Where the folder has none it starts from ``origin``, a checkpoint of another run, or from its
    initial weights. Returns the iteration it started from and the SHA-256 sums of the final
    checkpoint's files. Raises ValueError when the loss is not finite (the folder keeps its last
    good checkpoint), and ExposureError when the generated images of a strategy do not reach the
    model.
    """
    return exhaust(iterate(task, folder, plan, origin=origin, quiet=quiet))


def iterate(
    task: Task, folder: Path, plan: Plan, *, origin: Checkpoint | None = None, quiet: bool = False
) -> Generator[int, None, tuple[int, dict[str, str]]]:
    """:func:`train`, one iteration at a time, so that several runs can take turns on one GPU.

    Yields the number of each iteration once it is queued on the device; returns what ``train``
    returns.
    """
    start, size, sums = resume(task, folder, origin)
    distributed.agree(start)
    writes = distributed.rank() == 0
    device = next(task.module.parameters()).device
    # kept in the groups under torch's own name: a step overwrites the rates in place
    bases = [
        float(group.setdefault("initial_lr", group["lr"])) for group in task.optimizer.param_groups
    ]
    stream = torch.cuda.Stream(device) if device.type == "cuda" else None  # type: ignore[no-untyped-call]
    on_stream = partial(torch.cuda.stream, stream) if stream else nullcontext
    if stream:
        stream.wait_stream(torch.cuda.current_stream(device))  # for the weights
    with on_stream():
        step, numbers = make_step(task), dropout.install(task.module)
    flush_every = FLUSH_EVERY if stream else 1
    exposure = Exposure(since=start)
    pending: list[tuple[int, float, Tensor]] = []
    task.module.train()
    with _drained(stream), MetricsLog(folder / METRICS, size) if writes else nullcontext() as log:
        progress = tqdm(
            range(start + 1, plan.until + 1), folder.name, plan.until, initial=start,
            disable=quiet or not writes,
        )  # fmt: skip
        for iteration in progress:
            # entered anew for each iteration: another run's stream may be current in between
            with on_stream():
                factor = task.factor(iteration)
                rates = [factor * plan.schedule.rate(base, iteration) for base in bases]
                seed_torch(plan.seed, "step", iteration)
                numbers.set(plan.seed, iteration)
                batch = task.batch(iteration)
                exposure.add(batch.names, batch.generated)
                pending.append((iteration, rates[0], step(batch, rates)))

                boundary = plan.stops_at(iteration)
                if boundary or len(pending) >= flush_every:
                    last = _write_steps(log, task.measures, pending)
                    progress.set_postfix(loss=f"{last:.3f}", refresh=False)
                    pending.clear()
                if boundary:
                    exposure.check(task.ratio)
                    if log:
                        evaluation = _evaluate(task)
                        log.append(iteration, "val", **evaluation.values)
                        log.append(iteration, "exposure", **exposure.values())
                        _keep_confusions(folder, iteration, evaluation)
                        sums = _save(task, folder, iteration, log.commit())
                        _prune(folder, iteration, plan)
                    distributed.wait()
                    exposure = Exposure(since=iteration)
            yield iteration
    if writes:  # once more, for a start that was killed between its last save and what goes with it
        _prune(folder, max(start, plan.until), plan)
    return start, sums


@contextmanager
def _drained(stream: torch.cuda.Stream | None) -> Iterator[None]:
    """Waits at the end for what is still queued, also where a training is left early.

    Weights and images were allocated on another stream, which may give their memory to the next
    training as soon as this one lets go of them.
    """
    try:
        yield
    finally:
        if stream:
            stream.synchronize()


def _write_steps(
    log: MetricsLog | None, measures: tuple[str, ...], pending: list[tuple[int, float, Tensor]]
) -> float:
    """One read from the device for all of them; the last one's first measure.

    A measure that is NaN is one that the step does not have; the first every step has.
    """
    found = distributed.mean(torch.stack([values.reshape(-1) for *_, values in pending])).tolist()
    if log:
        for (iteration, rate, _), values in zip(pending, found, strict=True):
            told = {
                name: value
                for name, value in zip(measures, values, strict=True)
                if name == measures[0] or not math.isnan(value)
            }
            log.append(iteration, "train", lr=rate, **told)
        log.flush()
    return float(found[-1][0])


def resume(
    task: Task, folder: Path, origin: Checkpoint | None = None
) -> tuple[int, int, dict[str, str]]:
    """Load the latest checkpoint that is sound and agrees with the metrics on disk.

    Returns its iteration, the size of the metrics that belong to it, and its sums. Without one
    that is ``origin``'s, with no metrics yet; without either zeros and an empty dictionary. What is
    damaged is passed over with a warning.
    """
    device = str(next(task.module.parameters()).device)
    for found in checkpoint.newest_first(folder / CHECKPOINTS, device):
        size = int(found.state["metrics_bytes"])
        if not ends_at(folder / METRICS, size, found.iteration):
            warnings.warn(
                f"checkpoint iter_{found.iteration} passed over: {folder / METRICS} does not "
                "reach it",
                stacklevel=2,
            )
            continue
        _load(task, found)
        return found.iteration, size, found.sums
    if origin is not None:
        _load(task, origin)
        return origin.iteration, 0, origin.sums
    return 0, 0, {}


def _load(task: Task, found: Checkpoint) -> None:
    task.module.load_state_dict(found.tensors["model"])
    if "optimizer" in found.tensors:  # an origin may be weights alone
        optimizer_state.restore(task.optimizer, task.module, found.tensors["optimizer"])


def _evaluate(task: Task) -> Evaluation:
    task.module.eval()
    with torch.inference_mode():
        evaluation = task.evaluate()
    task.module.train()
    return evaluation


def _save(task: Task, folder: Path, iteration: int, metrics_bytes: int) -> dict[str, str]:
    # clones: safetensors refuses tensors that share memory, as tied weights do
    model = {name: value.clone() for name, value in task.module.state_dict().items()}
    optimizer = optimizer_state.flatten(task.optimizer, task.module)
    tensors, state = {"model": model, "optimizer": optimizer}, {"metrics_bytes": metrics_bytes}
    return checkpoint.save(folder / CHECKPOINTS, iteration, tensors, state)


def _keep_confusions(folder: Path, iteration: int, evaluation: Evaluation) -> None:
    if evaluation.confusions is None:
        return
    path = folder / CONFUSIONS / f"iter_{iteration}.npz"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft.npz")
    with naming(draft):
        np.savez_compressed(draft, confusions=evaluation.confusions)
    sync(draft)
    draft.replace(path)


def _prune(folder: Path, iteration: int, plan: Plan) -> None:
    validations = read_metrics(folder, "val") if plan.chosen else []
    chosen = plan.chosen(validations) if plan.chosen and validations else set()
    checkpoint.prune(folder / CHECKPOINTS, iteration, plan.keep, plan.budgets | chosen)
