"""Faults that the training survives to report: it cannot write, and has to say so.

The kernel refuses each of them but those of :class:`Unflushed`, which are injected.
"""

import ctypes
import errno
import os
import re
import resource
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from damage import flip
from lives import Work
from moments import LOG_OPENED
from trial import Struck, Trial
from tripwire import Moment, lay

from trainstudy.training import checkpoint

LIBC = ctypes.CDLL(None, use_errno=True)
PAGE = 4096


class Failure(ABC):
    """The command fails as long as a condition lasts, names the file, and loses nothing."""

    kind: str
    says = None

    @abstractmethod
    def lasting(self, trial: Trial) -> Iterator[Work]:
        """A generator function: begin the condition, yield what the process does first, end it."""

    def strike(self, trial: Trial) -> Struck:
        before = _newest(trial)
        with contextmanager(self.lasting)(trial) as first:
            code, output = trial.live(first)
        error = output.rstrip().rpartition("\n")[2]
        found = re.search(rf"{re.escape(str(trial.place))}/(\w+)/?([^\s'/]*)/?([^\s':]*)", error)
        if code != 1 or not found:
            problem: str | None = f"ended with {code}, and named no file: {output[-300:]}"
        elif (after := _newest(trial)) < before:
            problem = f"lost its newest checkpoints: {before} before, {after} after"
        else:
            problem = None
        name = re.sub(r"\d+", "N", found[3]) or "the run's folder" if found else "?"
        return Struck(self.kind, name, problem, error)


@dataclass(frozen=True)
class SizeLimit(Failure):
    """No file may grow beyond so many bytes (RLIMIT_FSIZE)."""

    size: int
    kind = "file too large"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        limits = (self.size, resource.RLIM_INFINITY)
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)


class FullLog(Failure):
    """The log, once it is open, may grow by less than a line (RLIMIT_FSIZE)."""

    kind = SizeLimit.kind

    def lasting(self, trial: Trial) -> Iterator[Work]:
        (log,) = trial.runs.glob("*/metrics.jsonl")

        def limit() -> None:
            limits = (log.stat().st_size + 40, resource.RLIM_INFINITY)
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        yield lambda: lay(LOG_OPENED, 1, trial.aside / "evidence.json", limit)


@dataclass(frozen=True)
class FullDisk(Failure):
    """So many pages are left of a disk of its own."""

    pages: int
    kind = "disk full"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        ballast = trial.place / "ballast"
        free = os.statvfs(trial.place).f_bavail
        ballast.write_bytes(bytes((free - self.pages) * PAGE))
        yield lambda: None
        ballast.unlink()


@dataclass(frozen=True)
class ReadOnlyDisk(Failure):
    """The disk of its own is mounted read-only."""

    kind = "read-only disk"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        _mount(trial.place, _REMOUNT | _READ_ONLY)
        yield lambda: None
        _mount(trial.place, _REMOUNT)


@dataclass(frozen=True)
class ReadOnly(Failure):
    """What ``pattern`` finds below the folder of runs (that itself without one) may not be written
    to, by its permission bits; root's right to pass over them is given up."""

    pattern: str
    kind = "read-only"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        places = trial.runs.glob(self.pattern) if self.pattern else [trial.runs]
        modes = {path: path.stat().st_mode for path in places}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield _obey_permissions
        for path, mode in modes.items():
            path.chmod(mode)


@dataclass(frozen=True)
class Unflushed(Failure):
    """The disk fails when what ``pattern`` names is flushed."""

    pattern: str
    kind = "flush fails (EIO, injected)"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        moment = Moment(self.kind, "fsync", "before", self.pattern)
        yield lambda: lay(moment, 1, trial.aside / "evidence.json", _fail)


@dataclass(frozen=True)
class SpoiltOrigin(Failure):
    """The checkpoint that a branch starts from is damaged."""

    kind = "origin damaged"

    def lasting(self, trial: Trial) -> Iterator[Work]:
        (model,) = trial.place.glob(f"trunk/*/checkpoints/iter_{trial.subject.origin}/model*")
        sound = model.read_bytes()
        flip(model, seed=1)
        yield lambda: None
        model.write_bytes(sound)


def own_disk(place: Path, megabytes: int = 4) -> None:
    """Put a small disk in memory at ``place``, for this process and its children alone.

    Raises OSError where the kernel does not let us.
    """
    user, group = os.geteuid(), os.getegid()
    if LIBC.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        raise OSError(ctypes.get_errno(), "unshare")
    if user:  # whose files will lie on it
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _mount(Path("/"), _PRIVATE, kind=None)
    _mount(place, 0, options=f"size={megabytes}m")


_NEW_MOUNTS, _NEW_USER = 0x20000, 0x10000000
_READ_ONLY, _REMOUNT, _PRIVATE = 1, 32, 0x4000 | 0x40000


def _mount(place: Path, flags: int, kind: str | None = "tmpfs", options: str = "") -> None:
    kind_ = kind.encode() if kind else None
    if LIBC.mount(b"drill", bytes(place), kind_, ctypes.c_ulong(flags), options.encode()):
        raise OSError(ctypes.get_errno(), f"mount: {os.strerror(ctypes.get_errno())}", str(place))


def _obey_permissions() -> None:
    """Give up all capabilities (capset, version 3): root, too, then needs the permission bits."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if LIBC.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")


def _fail() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def _newest(trial: Trial) -> list[int]:
    """The iteration of the newest sound checkpoint of every run."""
    return [
        max((found.iteration for found in _sound(run)), default=0)
        for run in sorted(trial.runs.glob("*"))
    ]


def _sound(run: Path) -> Iterator[checkpoint.Checkpoint]:
    for path in checkpoint.paths(run / "checkpoints"):
        try:
            yield checkpoint.load(path)
        except checkpoint.DamagedCheckpointError:
            continue
