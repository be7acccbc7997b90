"""Several processes of one machine that form a group, and end together."""

import os
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import torch.distributed as dist

PATIENCE = timedelta(hours=1)  # of a process for the others: they wait while one evaluates


class ProcessError(RuntimeError):
    """A process of a group failed; the text is its own."""


def launch(work: Callable[..., None], processes: int, device: str, *arguments: Any) -> None:
    """Run ``work(*arguments)`` in new processes that form a group of torch.distributed.

    On ``cuda`` each has the GPU of its number. ``work`` is a function of a module that can be
    imported. Where one process fails the others are killed at once, and ProcessError says what the
    first one said; they end too if the caller does, however that happens.
    """
    spawn = get_context("spawn")  # after a fork neither CUDA nor torch's threads would work
    started = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            for rank in range(processes):
                given = (rank, processes, device, folder, work, arguments)
                process = spawn.Process(target=_enter, args=given)
                process.start()
                started.append(process)
            codes = [process.exitcode for process in started]
            while None in codes and not any(codes):
                wait([p.sentinel for p, code in zip(started, codes, strict=True) if code is None])
                codes = [process.exitcode for process in started]
            if any(codes):
                raise ProcessError(_cause(codes, folder / "error"))
        finally:
            for process in started:
                process.kill()
                process.join()


def _cause(codes: list[int | None], report: Path) -> str:
    """What ended the first process that failed: a signal, or the error that it reported."""
    for rank, code in enumerate(codes):
        if code is not None and code < 0:  # those that lost it may have reported by now
            return f"process {rank} of {len(codes)} was ended by {signal.Signals(-code).name}"
    if report.exists():
        return report.read_text()
    return f"processes that form a group ended before they had begun, with codes {codes}"


def _enter(
    rank: int,
    processes: int,
    device: str,
    folder: Path,
    work: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    """What a new process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller is interrupted, and kills this one
    threading.Thread(target=end_with_caller, daemon=True).start()
    try:
        if device == "cuda":
            torch.cuda.set_device(rank)
        dist.init_process_group(
            "nccl" if device == "cuda" else "gloo",
            init_method=(folder / "group").as_uri(),  # a file: no port that others may take
            rank=rank,
            world_size=processes,
            timeout=PATIENCE,
            device_id=torch.device(device, rank) if device == "cuda" else None,
        )
        work(*arguments)
        dist.destroy_process_group()
    except BaseException:
        draft = folder / f"error {rank}"
        draft.write_text(f"process {rank} of {processes}: {traceback.format_exc()}")
        with suppress(FileExistsError):  # others fail because the first one did
            os.link(draft, folder / "error")
        os._exit(1)  # at once: an orderly end would wait for the others


def end_with_caller() -> None:
    """Wait for the process that started this one, and end when it does; for a thread."""
    caller = parent_process()
    assert caller is not None
    caller.join()
    os._exit(1)
