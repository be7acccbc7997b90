"""Trainings in processes of their own, spread over the GPUs: the host's part is done side by side.

Trainings that take turns (:mod:`.turns`) share one interpreter. Where the host's part of a training
is the larger one, as with small models that are validated often, several interpreters help more.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
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
    single one as it is. Processes end if the caller does.
    """
    waiting, failures = list(range(len(after))), dict[int, Exception]()
    results: dict[int, Result] = {}
    spawn = get_context("spawn")  # after a fork CUDA would not work
    turns: SimpleQueue[str] = spawn.SimpleQueue()
    for number in range(processes):
        turns.put(_visible(number))
    with ProcessPoolExecutor(processes, spawn, _begin, (turns,)) as pool:
        active: dict[Future[Result], int] = {}
        while waiting or active:
            for place in list(waiting):
                need = after[place]
                if need is not None and need in failures:
                    failures[place] = failures[need]
                    waiting.remove(place)
                elif len(active) < processes and (need is None or need in results):
                    active[pool.submit(work, job(place))] = place
                    waiting.remove(place)
            for future in wait(active, return_when=FIRST_COMPLETED).done:
                place = active.pop(future)
                try:
                    results[place] = future.result()
                except Exception as error:
                    failures[place] = error
                else:
                    done(place, results[place])
    raise_failures(failures, len(after))
    return [results[place] for place in range(len(after))]


def _visible(number: int) -> str:
    """The GPU of a process, as CUDA_VISIBLE_DEVICES names it; none where there is none."""
    given = [name for name in os.environ.get(VISIBLE, "").split(",") if name]
    names = given or [str(gpu) for gpu in range(torch.cuda.device_count())]
    return names[number % len(names)] if names else ""


def _begin(turns: "SimpleQueue[str]") -> None:
    os.environ[VISIBLE] = turns.get()  # read when CUDA is first used
    torch.set_num_threads(1)  # the processes are what the cores are for
    threading.Thread(target=end_with_caller, daemon=True).start()
