"""Faults that spoil what lies on the disk while no process runs."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trial import Struck, Trial

from trainstudy.training.randomness import generator

PASSED_OVER = "damaged checkpoint passed over: .*iter_{}"
NOT_REACHED = "does not reach it"
SET_ASIDE = "run.json: .*set aside as run.json.damaged"


@dataclass(frozen=True)
class Damage:
    """``spoil`` changes a run's folder; ``finished`` asks for one whose training had ended."""

    name: str
    spoil: Callable[[Path], object]
    says: str = ""
    finished: bool = False

    def strike(self, trial: Trial) -> Struck:
        (run,) = trial.runs.iterdir()
        self.spoil(run)
        return Struck("damage", self.name + " of a finished run" * self.finished)


def truncate(path: Path, share: float, less: int = 0) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share) - less])


def flip(path: Path, seed: int) -> None:
    """One bit, at a drawn place."""
    content = bytearray(path.read_bytes())
    place, bit = divmod(int(generator(seed, "flip").integers(8 * len(content))), 8)
    content[place] ^= 1 << bit
    path.write_bytes(content)


def zero(path: Path, share: float) -> None:
    """What a file system may give back after a power cut: the length without the content."""
    content = path.read_bytes()
    kept = int(len(content) * share)
    path.write_bytes(content[:kept] + bytes(len(content) - kept))


def checkpoints(iteration: int, flips: int, *, finished: bool = False) -> Iterator[Damage]:
    """Each file of the newest checkpoint spoilt in each way, ``flips`` single bits among them."""
    says = PASSED_OVER.format(iteration)
    ways: list[tuple[str, Callable[[Path], object]]] = [
        ("emptied", lambda path: truncate(path, 0)),
        ("cut in half", lambda path: truncate(path, 0.5)),
        ("one byte short", lambda path: truncate(path, 1, less=1)),
        ("half zeroed", lambda path: zero(path, 0.5)),
        ("gone", Path.unlink),
        *(("with a bit flipped", partial(flip, seed=seed)) for seed in range(flips)),
    ]
    for file in ("model.safetensors", "optimizer.safetensors", "checkpoint.json"):
        place = f"checkpoints/iter_{iteration}/{file}"
        for way, spoil in ways:
            yield Damage(f"{file} {way}", partial(_below, place, spoil), says, finished)


def _below(place: str, spoil: Callable[[Path], object], run: Path) -> None:
    spoil(run / place)


def folders(newest: int, older: int) -> Iterator[Damage]:
    """Whole checkpoints."""

    def place(run: Path, iteration: int) -> Path:
        return run / "checkpoints" / f"iter_{iteration}"

    def empty(run: Path) -> None:
        shutil.rmtree(place(run, newest))
        place(run, newest).mkdir()

    def swap(run: Path) -> None:
        shutil.rmtree(place(run, newest))
        shutil.copytree(place(run, older), place(run, newest))

    def spoil_both(run: Path) -> None:
        for iteration in (newest, older):
            flip(place(run, iteration) / "model.safetensors", iteration)

    yield Damage("checkpoint folder empty", empty, PASSED_OVER.format(newest))
    yield Damage("checkpoint folder gone", lambda run: shutil.rmtree(place(run, newest)))
    yield Damage("an older checkpoint in a newer one's place", swap)
    yield Damage("every checkpoint damaged", spoil_both, PASSED_OVER.format(older))
    yield Damage(
        "draft of a killed writer in the way",
        lambda run: shutil.copytree(
            place(run, older), run / "checkpoints" / f".draft_{newest + 2}"
        ),
    )


def logs(iteration: int, *, finished: bool = False) -> Iterator[Damage]:
    """``metrics.jsonl`` of a run whose newest checkpoint is that of ``iteration``."""

    def cut(run: Path, end: int) -> None:
        """Keep of the last line that the checkpoint remembers, and counts on, only ``[:end]``."""
        path = run / "metrics.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        of = [n for n, line in enumerate(lines) if b'"iteration": %d,' % iteration in line]
        path.write_bytes(b"".join([*lines[: of[-1]], lines[of[-1]][:end]]))

    for name, spoil in {
        "metrics.jsonl empty": lambda run: truncate(run / "metrics.jsonl", 0),
        "metrics.jsonl gone": lambda run: (run / "metrics.jsonl").unlink(),
        "metrics.jsonl zeroed": lambda run: zero(run / "metrics.jsonl", 0),
        "metrics.jsonl ends in zeros": lambda run: zero(run / "metrics.jsonl", 0.5),
        "metrics.jsonl cut in half": lambda run: truncate(run / "metrics.jsonl", 0.5),
        "metrics.jsonl cut at a line's end": lambda run: cut(run, 0),
        "metrics.jsonl cut in a line": lambda run: cut(run, 9),
        "metrics.jsonl one byte short": lambda run: cut(run, -1),
    }.items():
        yield Damage(name, spoil, "" if finished else NOT_REACHED, finished)


def records() -> Iterator[Damage]:
    """``run.json`` and what lies beside it."""

    def put(name: str, content: bytes) -> Callable[[Path], object]:
        return lambda run: (run / name).write_bytes(content)

    def grow(run: Path) -> None:
        with (run / "metrics.jsonl").open("ab") as log:
            log.write(b'{"iteration": 7, "ki\0\0')

    yield Damage("run.json empty", put("run.json", b""), SET_ASIDE)
    yield Damage("run.json cut in half", lambda run: truncate(run / "run.json", 0.5), SET_ASIDE)
    yield Damage("run.json zeroed", lambda run: zero(run / "run.json", 0), SET_ASIDE)
    yield Damage("run.json something else", put("run.json", b"[1]"), SET_ASIDE)
    yield Damage("run.json without its content", put("run.json", b"{}"), SET_ASIDE)
    yield Damage("run.json gone", lambda run: (run / "run.json").unlink())
    yield Damage("lock gone", lambda run: (run / ".lock").unlink())
    yield Damage("draft of run.json left", put(".run.json.1", b'{"spec'))
    yield Damage("draft of confusions left", put("confusions/iter_8.draft.npz", b"PK"))
    yield Damage("log grown by junk", grow)
