"""What the benchmarks share: arguments, processes of their own, one clock for both sides."""

import os
import re
import shlex
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks._results import RESULTS

CORES = 2  # that a benchmark on the CPU may use, with every process it starts


@dataclass(frozen=True)
class Workload:
    """What both sides train."""

    model: str
    dataset: str = "camvid"
    batch_size: int = 8
    crop: tuple[int, int] = (320, 480)
    photometric: bool = False
    device: str = "cuda"
    threads: int = 1  # of a CPU


@dataclass(frozen=True)
class Window:
    """What is timed: after ``skip`` iterations, ``count`` of them or ``seconds``, the shorter."""

    skip: int = 20
    count: int = 200
    seconds: float = 20.0


@dataclass(frozen=True)
class Speed:
    """Iterations/s of the steady state; the seconds before it; bytes that torch's allocator holds.

    ``boundary``: seconds of a validation and a checkpoint; ``kernels``: milliseconds by kind.
    """

    rate: float
    warm_up: float
    memory: int
    device: str
    boundary: float = 0.0
    kernels: dict[str, float] | None = None


class Clock:
    """Times a window of a training that runs from here on."""

    def __init__(self, window: Window, workload: Workload) -> None:
        self._window, self._device, self._done = window, workload.device, 0
        self._began = self._opened = now(workload.device)

    def tick(self) -> bool:
        """Count one iteration; True once the window is full."""
        self._done += 1
        timed = self._done - self._window.skip
        if timed == 0:
            self._opened = now(self._device)
        if timed <= 0:
            return False
        full = time.perf_counter() - self._opened >= self._window.seconds
        if timed < self._window.count and not full:
            return False
        self._rate = timed / (now(self._device) - self._opened)
        return True

    def speed(self) -> Speed:
        """What was measured; to be read when the window is full."""
        # reserved, not allocated: what a replayed graph uses is no longer counted as allocated
        gpu = self._device == "cuda"
        held = torch.cuda.max_memory_reserved() if gpu else 0
        warm_up = self._opened - self._began
        return Speed(self._rate, warm_up, held, device_name(self._device))


def now(device: str) -> float:
    """Seconds, after everything queued on the device has been done."""
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def device_name(device: str) -> str:
    """The name of a GPU, or the threads of a CPU."""
    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"cpu, {torch.get_num_threads()} threads"


def fresh(function: Callable[..., Any], *arguments: Any, device: str = "cuda") -> Any:
    """``function(*arguments)`` in a process of its own, so that memory and caches do not mix."""
    with ProcessPoolExecutor(1, get_context("spawn"), _begin, (device,)) as pool:
        return pool.submit(function, *arguments).result()


def fresh_all(
    function: Callable[..., Any], calls: Iterable[tuple[Any, ...]], at_once: int, device: str
) -> list[Any]:
    """The same for several calls, ``at_once`` of them side by side."""
    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(lambda call: fresh(function, *call, device=device), calls))


def _begin(device: str) -> None:
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""  # mmengine would take a GPU that it sees
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


class Arguments(ArgumentParser):
    """The arguments of a benchmark."""

    def __init__(self, name: str, documentation: str | None, models: Sequence[str]) -> None:
        super().__init__(f"python -m benchmarks.{name}", description=documentation)
        self.name = name
        self.add_argument("--models", nargs="+", default=models)
        self.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
        self.add_argument("--results", type=Path, help=f"folder to write to, else {RESULTS.name}/")
        self.add_argument(
            "--quick", action="store_true", help="tiny steps, to see that it runs; with --results"
        )

    def read(self, words: Sequence[str] | None) -> Namespace:
        """The arguments, with ``path``, the file of the results, and ``command`` to repeat it."""
        words = list(sys.argv[1:] if words is None else words)
        given = self.parse_args(words)
        if given.quick and not given.results:
            self.error("--quick measures nothing: say with --results where it may write")
        given.path = (given.results or RESULTS) / f"{self.name}.json"
        # where results go, and what is kept, is this machine's business
        options = re.sub(r" --(results|kept)[= ]\S+", "", f" {shlex.join(words)}")
        given.command = f"{self.prog}{options}".rstrip()
        return given


def crop(text: str) -> tuple[int, int]:
    """Height and width from ``320x480``."""
    height, width = text.split("x")
    return int(height), int(width)


def workload(given: Namespace, model: str, **more: Any) -> Workload:
    """CamVid at the size of the study, a tiny one where ``--quick`` is given."""
    tiny = {"dataset": "streets-new_town", "batch_size": 2, "crop": (32, 48)}
    return Workload(model, device=given.device, **(more | (tiny if given.quick else {})))
