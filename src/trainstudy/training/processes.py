"""Trainings in processes of their own, spread over the GPUs: the host's part is done side by side.

Trainings that take turns (:mod:`.turns`) share one interpreter. Where the host's part of a training
is the larger one, as with small models that are validated often, several interpreters help more.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from typing import TypeVar

import torch

from trainstudy.training.launch import end_with_caller
from trainstudy.training.turns import raise_failures

Job = TypeVar("Job")
Result = TypeVar("Result")
VISIBLE = "CUDA_VISIBLE_DEVICES"


def spread(
    work: Callable[[Job], Result],
    job: Callable[[int], Job],
    after: Sequence[int | None],
    *,
    processes: int,
    done: Callable[[int, Result], None] = lambda place, result: None,
) -> list[Result]:
    """The results of ``work(job(place))`` for every place of ``after``, in order.

    ``after`` names for each the place of one that has to end before its job is asked for; of those
    that may begin the first ones do. ``done`` is called here as each ends. Each process
    sees one GPU, the next one of those that there are; ``work`` is a function of a module. Where
    some fail the others go on, without those that wait for them; then the exceptions are raised, a
    single one as it is. A process that is killed takes those beside it along: all of their jobs
    fail, and those that wait get new processes. Processes end if the caller does.
    """
    waiting, failures = list(range(len(after))), dict[int, Exception]()
    results: dict[int, Result] = {}
    active: dict[Future[Result], int] = {}
    pool, broken = _pool(processes), False
    try:
        while waiting or active:
            if broken and not active:
                pool.shutdown()
                pool, broken = _pool(processes), False
            for place in list(waiting):
                need = after[place]
                if need is not None and need in failures:
                    failures[place] = failures[need]
                    waiting.remove(place)
                elif broken or len(active) == processes:
                    continue
                elif need is None or need in results:
                    try:
                        active[pool.submit(work, job(place))] = place
                    except BrokenProcessPool:  # one was killed before it was asked for anything
                        broken = True
                    else:
                        waiting.remove(place)
            for future in wait(active, return_when=FIRST_COMPLETED).done:
                place = active.pop(future)
                try:
                    results[place] = future.result()
                except Exception as error:
                    broken |= isinstance(error, BrokenProcessPool)
                    failures[place] = error
                else:
                    done(place, results[place])
    finally:
        pool.shutdown(cancel_futures=True)
    raise_failures(failures, len(after))
    return [results[place] for place in range(len(after))]


def _pool(processes: int) -> ProcessPoolExecutor:
    """Processes that each see one GPU."""
    spawn = get_context("spawn")  # after a fork CUDA would not work
    turns: SimpleQueue[str] = spawn.SimpleQueue()
    for number in range(processes):
        turns.put(_visible(number))
    return ProcessPoolExecutor(processes, spawn, _begin, (turns,))


def _visible(number: int) -> str:
    """The GPU of a process, as CUDA_VISIBLE_DEVICES names it; none where there is none."""
    given = [name for name in os.environ.get(VISIBLE, "").split(",") if name]
    names = given or [str(gpu) for gpu in range(torch.cuda.device_count())]
    return names[number % len(names)] if names else ""


def _begin(turns: "SimpleQueue[str]") -> None:
    os.environ[VISIBLE] = turns.get()  # read when CUDA is first used
    torch.set_num_threads(1)  # the processes are what the cores are for
    threading.Thread(target=end_with_caller, daemon=True).start()
