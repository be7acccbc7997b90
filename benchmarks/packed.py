"""Iterations/s of several small runs that take turns on one GPU, all together, against one alone.

The runs of one comparison are in one process; each number of them is timed twice, up and down.
"""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import product
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import torch

from benchmarks import _ours
from benchmarks._common import Arguments, Window, Workload, crop, device_name, fresh, now, workload
from benchmarks._results import compare, save
from trainstudy.segmentation.run import iterate_prepared, prepare
from trainstudy.training.turns import take_turns

Training = Generator[int, None, Any]
RUNS = (1, 2, 4, 8)


def rates(
    workload: Workload, runs: Sequence[int], window: Window, compiled: bool
) -> tuple[dict[int, list[float]], int, str]:
    """The iterations/s together by number of runs, the peak memory in bytes, and the device.

    At every number of runs the ``count`` of the window is timed, all runs together.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        given = _ours.parameters(
            workload, runs_root=folder, until=_ours.FAR, interval=_ours.FAR, compiled=compiled
        )
        first = prepare(given)
        trainings = [
            stack.enter_context(closing(iterate_prepared(one, planned=True, quiet=True)))
            for one in (
                replace(first, parameters=given.model_copy(update={"seed": seed}))
                for seed in range(max(runs))
            )
        ]
        take_turns([partial(_part, training, window.skip) for training in trainings])
        found: dict[int, list[float]] = {number: [] for number in runs}
        for number in (*runs, *reversed(runs)):
            start = now(workload.device)
            each = window.count // number
            take_turns([partial(_part, training, each) for training in trainings[:number]])
            found[number].append(each * number / (now(workload.device) - start))
    held = torch.cuda.max_memory_reserved() if workload.device == "cuda" else 0
    return found, held, device_name(workload.device)


def _part(training: Training, iterations: int) -> Training:
    """Some iterations of a training that goes on later."""
    for _ in range(iterations):
        yield next(training)


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("packed", __doc__, ["segformer_b0", "pspnet_r18"])
    arguments.add_argument("--batches", nargs="+", type=int, default=[2, 8])
    sizes = [(320, 480), (256, 256)]
    arguments.add_argument("--crops", nargs="+", type=crop, default=sizes, metavar="HEIGHTxWIDTH")
    arguments.add_argument("--eager", action="store_true", help="do not compile the step")
    given = arguments.read(words)
    runs, window = ((1, 2), Window(1, 2)) if given.quick else (RUNS, Window(20, 400))
    compiled = given.device == "cuda" and not given.eager
    for model, batch, size in product(given.models, given.batches, given.crops):
        case = workload(given, model, batch_size=batch, crop=size)
        found, held, device = fresh(rates, case, runs, window, compiled, device=given.device)
        rows = [
            compare(
                f"{model}, batch {batch}, {size[0]}x{size[1]}, {number} runs", "one run at a time",
                "it/s of all runs together", mean(found[number]), mean(found[1]),
                device=device, command=given.command, compiled=compiled,
                ours_each=found[number], theirs_each=found[1], gb_of_all_runs=held / 1e9,
            )
            for number in runs[1:]
        ]  # fmt: skip
        save(given.path, rows)


if __name__ == "__main__":
    main()
