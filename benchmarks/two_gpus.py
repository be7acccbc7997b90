"""Two GPUs that share every batch against one: iterations/s, and how far losses and scores part.

Speed is that of a training as it would be started. Losses and scores are of short trainings in
float32; how far two of them part on one GPU, where sums have no fixed order, stands beside.
"""

import json
import math
import os
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import _ours
from benchmarks._common import Arguments, Clock, Speed, Window, Workload, fresh, workload
from benchmarks._results import compare, save
from trainstudy.runs.record import read_metrics
from trainstudy.segmentation.run import prepare, train_segmentation
from trainstudy.training import distributed, step
from trainstudy.training.launch import ProcessError, launch
from trainstudy.training.loop import iterate

ITERATIONS = 50  # of the trainings that are compared
Curve = tuple[list[float], float]


def speed(case: Workload, gpus: int, window: Window, compiled: bool, captured: bool) -> Speed:
    """Time a window of a training on one or several GPUs.

    The step of one is captured anyway; ``captured`` tries it on several.
    """
    if captured:  # so that NCCL's watchdog does not ask for events while a graph is captured
        os.environ["TORCH_NCCL_ASYNC_ERROR_HANDLING"] = "0"
    with TemporaryDirectory() as name:
        result = Path(name, "speed.json")
        launch(_time, gpus, case.device, case, window, compiled, captured, result)
        return Speed(**json.loads(result.read_text()))


def _time(case: Workload, window: Window, compiled: bool, captured: bool, result: Path) -> None:
    """What each process does; all stop at the same iteration."""
    task = _ours.task_of(case, prepare(_ours.parameters(case, compiled=compiled)))
    if captured:
        task.capturable = True
        step.WARM_UP = 11  # DistributedDataParallel measures its first ten
    with TemporaryDirectory() as folder:
        clock = Clock(replace(window, seconds=math.inf), case)
        with closing(iterate(task, Path(folder), _ours.plan(_ours.FAR), quiet=True)) as training:
            for _ in training:
                if clock.tick():
                    break
    if distributed.rank() == 0:
        result.write_text(json.dumps(asdict(clock.speed())))


def curve(case: Workload, gpus: int, iterations: int) -> Curve:
    """The losses of a short training, and its validation mIoU in percent."""
    with TemporaryDirectory() as folder:
        given = _ours.parameters(
            case, gpus=gpus, runs_root=folder, until=iterations, interval=iterations,
            precision="float32", compiled=False,
        )  # fmt: skip
        run = train_segmentation(given, quiet=True)
        (score,) = read_metrics(run, "val")
        return [row["loss"] for row in read_metrics(run, "train")], score["mIoU"]


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("two_gpus", __doc__, ["segformer_b0", "pspnet_r50"])
    arguments.add_argument("--batches", nargs="+", type=int, default=[8, 32], help="of the speed")
    arguments.add_argument("--eager", action="store_true", help="do not compile the step")
    arguments.add_argument("--captured", action="store_true", help="try a graph on two GPUs too")
    given = arguments.read(words)
    for model in given.models:
        device = ""
        for batch in given.batches:
            device = _speeds(given, workload(given, model, batch_size=batch))
        _partings(given, workload(given, model), device)


def _speeds(given: Namespace, case: Workload) -> str:
    """Writes the rows of one batch size; the device they were measured on."""
    window = Window(1, 2) if given.quick else Window(30, 150)
    compiled = given.device == "cuda" and not given.eager
    one = speed(case, 1, window, compiled, False)
    for captured in (False, True)[: 1 + given.captured]:
        name = f"{case.model}, batch {case.batch_size}, two GPUs" + captured * ", captured"
        try:
            two = speed(case, 2, window, compiled, captured)
        except ProcessError as error:
            if not captured:
                raise
            print(f"{name}: failed, {error}")
            continue
        row = compare(
            name, "one GPU", "it/s", two.rate, one.rate,
            device=f"2 x {two.device}", command=given.command, compiled=compiled,
            ours_warm_up=two.warm_up, theirs_warm_up=one.warm_up,
        )  # fmt: skip
        save(given.path, [row])
    return one.device


def _partings(given: Namespace, case: Workload, device: str) -> None:
    iterations = 2 if given.quick else ITERATIONS
    one, again, two = (
        fresh(curve, case, gpus, iterations, device=given.device) for gpus in (1, 1, 2)
    )
    rows = [
        compare(
            f"{case.model}, {iterations} iterations on two GPUs, {name}",
            "one GPU, trained again", unit, ours, theirs, cost=True,
            device=f"2 x {device}", command=given.command,
        )
        for name, unit, ours, theirs in zip(
            ("losses", "validation mIoU"),
            ("largest relative difference to one GPU", "points of difference to one GPU"),
            parting(one, two), parting(one, again), strict=True,
        )
    ]  # fmt: skip
    save(given.path, rows)


def parting(one: Curve, other: Curve) -> tuple[float, float]:
    """The largest relative difference of two trainings' losses, and that of their scores."""
    losses = max(abs(a - b) / a for a, b in zip(one[0], other[0], strict=True))
    return losses, abs(one[1] - other[1])


if __name__ == "__main__":
    main()
