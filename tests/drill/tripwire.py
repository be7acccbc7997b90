"""Named moments in the life of a training, and a wire that is tripped at one of them.

The wire is laid from outside, over the functions that the training calls; its own code knows
nothing of it. What it does there is told by ``strike``: by default the process kills itself.
"""

import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainstudy.runs.record import MetricsLog
from trainstudy.segmentation import metrics
from trainstudy.training import checkpoint, loop


@dataclass(frozen=True)
class Moment:
    """``before``, ``half`` way through or ``after`` a call of ``operation`` on a path that
    ``pattern`` is found in.

    ``arrivals`` are those in one whole run that the drill strikes at, one at a time; ``repeats``
    how often a run, started again and again, comes to the first of them at least.
    """

    name: str
    operation: str
    phase: str
    pattern: str = ""
    arrivals: tuple[int, ...] = (1, 2, 3, 4)
    repeats: int = 4


@dataclass(frozen=True)
class Evidence:
    """Written to the disk at the moment itself: which one it was, and what it was about."""

    moment: str
    arrival: int
    paths: tuple[str, ...]
    sizes: tuple[int | None, ...]


def _open(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


def _entry(name: Any, dir_fd: int | None = None) -> tuple[str, ...]:
    return (os.path.join(_open(dir_fd), name) if dir_fd is not None else str(name),)  # noqa: PTH118


# operation: its owner, its name there, and the paths that a call is about
OPERATIONS: dict[str, tuple[Any, str, Callable[..., tuple[Any, ...]]]] = {
    "mkdir": (os, "mkdir", lambda path, *_, **__: (path,)),
    "rename": (os, "rename", lambda source, target: (source, target)),
    "replace": (os, "replace", lambda source, target: (source, target)),
    "unlink": (os, "unlink", _entry),
    "rmdir": (os, "rmdir", _entry),
    "fsync": (os, "fsync", lambda file: (_open(file),)),
    "write": (Path, "write_text", lambda path, *_, **__: (path,)),
    "save": (checkpoint, "save_file", lambda _, path: (path,)),
    "load": (checkpoint, "load", lambda path, *_, **__: (path,)),
    "compress": (np, "savez_compressed", lambda path, **_: (path,)),
    "open": (MetricsLog, "__init__", lambda _, path, *__: (path,)),
    "flush": (MetricsLog, "flush", lambda log: (log._path,)),
    "commit": (MetricsLog, "commit", lambda log: (log._path,)),
    "evaluate": (loop, "_evaluate", lambda _: ()),
    "compare": (metrics, "confusion", lambda *_: ()),
}


def lay(
    moment: Moment, arrival: int, evidence: Path, strike: Callable[[], None] | None = None
) -> None:
    """From now on, at the given arrival at the moment: write the evidence, then strike."""
    owner, name, about = OPERATIONS[moment.operation]
    original = getattr(owner, name)
    fsync, arrived = os.fsync, 0

    def wire(*args: Any, **kwargs: Any) -> Any:
        nonlocal arrived
        paths = tuple(str(path) for path in about(*args, **kwargs))
        found = re.search(moment.pattern, paths[0] if paths else "")
        arrived += bool(found)
        if not found or arrived != arrival:
            return original(*args, **kwargs)
        before = size(paths[0]) or 0 if paths else 0
        result = None if moment.phase == "before" else original(*args, **kwargs)
        if moment.phase == "half":
            os.truncate(paths[0], (before + (size(paths[0]) or 0)) // 2)
        seen = Evidence(moment.name, arrival, paths, tuple(map(size, paths)))
        with evidence.open("w") as file:
            json.dump(asdict(seen), file)
            file.flush()
            fsync(file.fileno())
        (strike or _die)()
        return result if moment.phase != "before" else original(*args, **kwargs)

    setattr(owner, name, wire)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def size(path: str) -> int | None:
    """Of a file, in bytes; of a folder, in entries; None where there is neither."""
    place = Path(path)
    if place.is_dir():
        return len(list(place.iterdir()))
    return place.stat().st_size if place.exists() else None
