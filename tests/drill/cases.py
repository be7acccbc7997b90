"""Which faults the drill puts in which trials."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from damage import Damage, checkpoints, folders, logs, records
from failures import (
    PAGE,
    Failure,
    FullDisk,
    FullLog,
    ReadOnly,
    ReadOnlyDisk,
    SizeLimit,
    SpoiltOrigin,
    Unflushed,
)
from kills import Kill, Stray
from moments import BRANCHING, MOMENTS, REPLACING, RESUMING
from subjects import ALONE, BRANCH, INTERVAL, TURNS, UNTIL, WHOLE, Subject
from trial import Fault

AT = {moment.name: moment for moment in MOMENTS}
FLUSHED = (
    r"model\.safetensors$", r"optimizer\.safetensors$", r"checkpoint\.json$", r"\.draft_\d+$",
    r"checkpoints$", r"metrics\.jsonl$", r"\.npz$", r"\.run\.json", r"runs/[^/]+$",
)  # fmt: skip
# where a run that the drill spoils is: iteration 7 is in its log, 6 is its newest checkpoint
STOPPED, NEWEST, OLDER = Kill(AT["log: line written"], 7), 6, 4


@dataclass(frozen=True)
class Case:
    """``begin``: from nothing, or from a copy of a run that was stopped or had finished."""

    subject: Subject
    faults: tuple[Fault, ...]
    begin: Literal["new", "stopped", "finished"] = "new"
    own_disk: bool = False


def cases(runs: Path, *, reduced: bool) -> Iterator[Case]:
    """All cases of the drill; ``runs`` holds ALONE's run that met no fault."""
    if reduced:
        yield from _chains(ALONE, MOMENTS, 5)
        yield from _chains(TURNS, MOMENTS[1:26:6], 1)
        yield Case(
            BRANCH, (SpoiltOrigin(), Kill(BRANCHING), Kill(AT["save: half of checkpoint.json"]))
        )
        yield Case(ALONE, (Stray(0, 0), Stray(1, 6)))
    else:
        for moment in MOMENTS:
            for arrival in moment.arrivals:
                yield Case(ALONE, (Kill(moment, arrival),))
            yield Case(ALONE, (Kill(moment, moment.arrivals[0]),) * moment.repeats)
        order = random.Random(0)
        for subject in (ALONE, TURNS, BRANCH, WHOLE):
            yield from _chains(subject, order.sample(MOMENTS, len(MOMENTS)), 8)
        for seed in range(0, 60, 3):
            subject = (ALONE, TURNS, BRANCH, WHOLE)[seed // 3 % 4]
            yield Case(subject, tuple(Stray(seed + n, 5 * n) for n in range(3)))
        yield Case(BRANCH, (SpoiltOrigin(), *[Kill(BRANCHING)] * 3))
    yield from _combined()
    yield from _spoilt(flips=0 if reduced else 8, every=10 if reduced else 1)
    yield from _failures(runs, every=6 if reduced else 1)


def _chains(subject: Subject, moments: Sequence, count: int) -> Iterator[Case]:
    """Every moment once, several in a row in one run."""
    for first in range(count):
        yield Case(subject, tuple(Kill(moment) for moment in moments[first::count]))


def _combined() -> Iterator[Case]:
    """Kills of a run that had been stopped or damaged before."""
    yield Case(ALONE, tuple(Kill(moment) for moment in RESUMING), "stopped")
    damaged = next(checkpoints(NEWEST, flips=0))
    yield Case(ALONE, (damaged, Kill(REPLACING), Kill(REPLACING)), "stopped")
    # what such a run writes anew is not to be given up for what the lost log had belonged to
    emptied = next(logs(NEWEST))
    yield Case(ALONE, (emptied, Kill(STOPPED.moment, INTERVAL + 1)), "stopped")


def _spoilt(flips: int, every: int) -> Iterator[Case]:
    damages: list[Damage] = [
        *checkpoints(NEWEST, flips),
        *folders(NEWEST, OLDER),
        *logs(NEWEST),
        *records(),
        *checkpoints(UNTIL, flips // 4, finished=True),
        *logs(UNTIL, finished=True),
    ]
    for damage in damages[::every]:
        yield Case(ALONE, (damage,), "finished" if damage.finished else "stopped")


def _failures(runs: Path, every: int) -> Iterator[Case]:
    (reference,) = runs.iterdir()
    newest = reference / "checkpoints" / f"iter_{UNTIL}"
    sizes = {
        path.name: path.stat().st_size
        for path in [*newest.glob("*.safetensors"), reference / "run.json"]
    }
    failures: list[Failure] = [
        FullLog(),
        # a limit of each size lets pass what is smaller
        *(SizeLimit(size // 2) for size in sizes.values()),
        *(Unflushed(pattern) for pattern in FLUSHED),
        *(ReadOnly(pattern) for pattern in ("*", "*/checkpoints", "*/confusions", "*/*.jsonl")),
    ]
    for failure in failures[::every]:
        yield Case(ALONE, (failure,), "stopped")
    yield Case(ALONE, (ReadOnly(""),))
    # from no page left to not quite what the next checkpoint takes
    most = sum(sizes.values()) // PAGE - 4
    for pages in range(0, most, 3 * every):
        yield Case(ALONE, (FullDisk(pages), FullDisk(pages + 1)), "stopped", own_disk=True)
    yield Case(ALONE, (ReadOnlyDisk(),), "stopped", own_disk=True)
