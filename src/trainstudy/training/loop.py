"""The training loop of both studies. It reads top to bottom; everything exact rests on its order.

An iteration draws only from (seed, iteration), so the loop can start at any checkpoint and do what
an uninterrupted run would have done. At every boundary (each ``interval`` iterations, and the last)
it validates, commits the metrics to disk, and only then writes the checkpoint that remembers how
long the committed metrics were: killed anywhere, a run falls back to the last boundary.
"""

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm import tqdm

from trainstudy.runs.record import CHECKPOINTS, CONFUSIONS, METRICS, MetricsLog, ends_at
from trainstudy.training import checkpoint, optimizer_state
from trainstudy.training.exposure import Exposure
from trainstudy.training.randomness import seed_torch
from trainstudy.training.schedules import Schedule

FLUSH_EVERY = 50  # iterations between reads of the loss from a GPU: each read waits for it


@dataclass(frozen=True)
class Batch:
    """One batch: ``images`` uint8 [B,3,H,W], ``labels`` uint8 [B,H,W], and their origin."""

    images: Tensor
    labels: Tensor
    names: list[str]
    generated: list[bool]


@dataclass(frozen=True)
class Evaluation:
    """Validation values by name, and the confusion matrices of the images [N,C,C] if any."""

    values: dict[str, Any]
    confusions: NDArray[np.int64] | None = None


class Task(Protocol):
    """What is trained: the loop knows nothing of segmentation or detection."""

    module: nn.Module
    optimizer: Optimizer
    ratio: float

    def batch(self, iteration: int) -> Batch: ...

    def loss(self, batch: Batch) -> Tensor: ...

    def evaluate(self) -> Evaluation: ...


@dataclass(frozen=True)
class Plan:
    """How far and how a run goes. ``interval`` is the distance of validations and checkpoints;
    checkpoints at ``budgets`` are kept for good, of the others the last ``keep``."""

    schedule: Schedule
    seed: int
    until: int
    interval: int
    budgets: frozenset[int] = field(default_factory=frozenset)
    keep: int = 2


def train(
    task: Task, folder: Path, plan: Plan, *, quiet: bool = False
) -> tuple[int, dict[str, str]]:
    """Train ``task`` from its last sound checkpoint in ``folder`` up to ``plan.until``.

    Returns the iteration it started from and the SHA-256 sums of the final checkpoint's files.
    Raises ValueError when the loss is not finite (the folder keeps its last good checkpoint), and
    ExposureError when the generated images of a strategy do not reach the model.
    """
    start, size, sums = resume(task, folder)
    with MetricsLog(folder / METRICS, size) as log:
        sums = _train(task, folder, plan, log, start, quiet) or sums
    return start, sums


def _train(
    task: Task, folder: Path, plan: Plan, log: MetricsLog, start: int, quiet: bool
) -> dict[str, str]:
    bases = [float(group["lr"]) for group in task.optimizer.param_groups]
    sums: dict[str, str] = {}
    exposure = Exposure(since=start)
    pending: list[tuple[int, float, Tensor]] = []
    flush_every = 1 if next(task.module.parameters()).device.type == "cpu" else FLUSH_EVERY
    task.module.train()
    progress = tqdm(
        range(start + 1, plan.until + 1), folder.name, plan.until, initial=start, disable=quiet
    )
    for iteration in progress:
        rates = [plan.schedule.rate(base, iteration) for base in bases]
        for group, rate in zip(task.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        seed_torch(plan.seed, "step", iteration)
        batch = task.batch(iteration)
        exposure.add(batch.names, batch.generated)
        loss = task.loss(batch)
        task.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        task.optimizer.step()
        pending.append((iteration, rates[0], loss.detach()))

        boundary = iteration % plan.interval == 0 or iteration == plan.until
        if boundary or len(pending) >= flush_every:
            for number, rate, value in pending:
                log.append(number, "train", loss=value.item(), lr=rate)
            log.flush()
            progress.set_postfix(loss=f"{pending[-1][2].item():.3f}", refresh=False)
            pending.clear()
        if boundary:
            exposure.check(task.ratio)
            evaluation = _evaluate(task)
            log.append(iteration, "val", **evaluation.values)
            log.append(iteration, "exposure", **exposure.values())
            exposure = Exposure(since=iteration)
            _keep_confusions(folder, iteration, evaluation)
            sums = _save(task, folder, iteration, log.commit())
            checkpoint.prune(folder / CHECKPOINTS, plan.keep, plan.budgets)
    return sums


def resume(task: Task, folder: Path) -> tuple[int, int, dict[str, str]]:
    """Load the latest checkpoint that is sound and agrees with the metrics on disk.

    Returns its iteration, the size of the metrics that belong to it, and its sums; zeros and an
    empty dictionary where there is none. What is damaged is passed over with a warning.
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
        task.module.load_state_dict(found.tensors["model"])
        optimizer_state.restore(task.optimizer, task.module, found.tensors["optimizer"])
        return found.iteration, size, found.sums
    return 0, 0, {}


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
    return checkpoint.save(
        folder / CHECKPOINTS,
        iteration,
        {"model": model, "optimizer": optimizer},
        {"metrics_bytes": metrics_bytes},
    )


def _keep_confusions(folder: Path, iteration: int, evaluation: Evaluation) -> None:
    if evaluation.confusions is None:
        return
    path = folder / CONFUSIONS / f"iter_{iteration}.npz"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, confusions=evaluation.confusions)
    draft.replace(path)
