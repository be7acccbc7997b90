"""One training, the faults it meets, and whether it ends as if it had met none."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lives import Work, live
from subjects import INTERVAL, Subject

DAMAGED = "run.json.damaged"


@dataclass(frozen=True)
class Struck:
    """A fault that was met: what it turned out to be, and what was wrong with it if anything."""

    kind: str
    name: str
    problem: str | None = None
    evidence: str = ""


class Fault(Protocol):
    says: str | None  # None where nothing on the disk was harmed; a regular expression for what
    # the next start must tell the user about what was

    def strike(self, trial: "Trial") -> Struck: ...


@dataclass(frozen=True)
class Trial:
    """``runs`` and, for a branch, ``trunk`` lie in ``place``; notes of the drill in ``aside``."""

    subject: Subject
    place: Path
    aside: Path

    @property
    def runs(self) -> Path:
        return self.place / "runs"

    def live(self, *before: Work) -> tuple[int, str]:
        """Run the command to wherever it gets; ``before`` is done first, in its process."""
        return live(self.aside / "output.txt", *before, lambda: self.subject.train(self.place))

    def run(self, faults: Sequence[Fault], expected: dict[str, str]) -> tuple[list[Struck], str]:
        """Meet the faults in order, then let the command go to its end.

        Returns what was met, and how the end differs from ``expected``: nothing, if all is well.
        """
        struck = [fault.strike(self) for fault in faults]
        says = faults[-1].says
        boundaries = {run: self._boundary(run) for run in self.runs.glob("*") if says is None}
        code, output = self.live()
        if code != 0:
            return struck, f"the last start ended with {code}: {output[-300:]}"
        if not re.search(says or "", output):
            return struck, f"the last start did not say {says!r}: {output[-300:]}"
        for run, (starts, boundary) in boundaries.items():
            for start in _starts(run)[starts:]:
                if start["from"] < boundary:
                    return struck, f"resumed from {start['from']}, not from {boundary}"
        found = content(self.runs)
        wrong = [path for path in found.keys() | expected if found.get(path) != expected.get(path)]
        return struck, f"differs in {sorted(wrong)}" if wrong else ""

    def _boundary(self, run: Path) -> tuple[int, int]:
        """How often a run was started, and the boundary that its next start may not fall behind.

        That is the last one before what its log has got to: a kill costs no more than an interval.
        """
        log = run / "metrics.jsonl"
        whole = log.read_bytes().splitlines(keepends=True) if log.exists() else []
        last = [json.loads(line)["iteration"] for line in whole if line.endswith(b"\n")][-1:]
        boundary = (last[0] - 1) // INTERVAL * INTERVAL if last else 0
        return len(_starts(run)), max(boundary, self.subject.origin or 0)


def _starts(run: Path) -> list[dict[str, Any]]:
    record = run / "run.json"
    starts: list[dict[str, Any]] = (
        json.loads(record.read_text())["starts"] if record.exists() else []
    )
    return starts


def content(runs: Path) -> dict[str, str]:
    """Every file below a folder of runs by its SHA-256, and every folder.

    Of ``run.json`` all but the starts, which tell when and how often, and but for where the trunk
    lay; a damaged one that was set aside and the empty lock are no part of a run.
    """
    found = {}
    for path in sorted(runs.rglob("*")):
        if path.name in (".lock", DAMAGED):
            continue
        held = path.read_bytes() if path.is_file() else b"folder"
        if path.name == "run.json":
            record = json.loads(held.replace(bytes(runs.parent), b"")) | {"starts": None}
            held = json.dumps(record, sort_keys=True).encode()
        found[str(path.relative_to(runs))] = hashlib.sha256(held).hexdigest()
    return found
