"""One training, the faults it meets, and whether it ends as if it had met none."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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
    says: str  # what the next start must tell the user, a regular expression

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
        earliest = {} if says else {log: self._boundary(log) for log in self._logs()}
        code, output = self.live()
        if code != 0:
            return struck, f"the last start ended with {code}: {output[-300:]}"
        if not re.search(says, output):
            return struck, f"the last start did not say {says!r}: {output[-300:]}"
        for log, boundary in earliest.items():
            start = json.loads(log.with_name("run.json").read_text())["starts"][-1]["from"]
            if start is not None and start < boundary:
                return struck, f"resumed from {start}, not from {boundary}"
        found = content(self.runs)
        wrong = sorted(
            path for path in found.keys() | expected if found.get(path) != expected.get(path)
        )
        return struck, f"differs in {wrong}" if wrong else ""

    def _logs(self) -> list[Path]:
        return list(self.runs.glob("*/metrics.jsonl"))

    def _boundary(self, log: Path) -> int:
        """The last boundary that a killed run may not fall behind: at most one is lost."""
        whole = log.read_bytes().rpartition(b"\n")[0].splitlines()
        last = json.loads(whole[-1])["iteration"] if whole else 1
        return max(self.subject.origin or 0, (last - 1) // INTERVAL * INTERVAL)


def content(runs: Path) -> dict[str, str]:
    """Every file below a folder of runs by its SHA-256, and every folder.

    Of ``run.json`` all but the starts, which tell when and how often; a damaged one that was set
    aside and the empty lock are no part of a run.
    """
    found = {}
    for path in sorted(runs.rglob("*")):
        if path.name in (".lock", DAMAGED):
            continue
        bytes_ = path.read_bytes() if path.is_file() else b"folder"
        if path.name == "run.json":
            bytes_ = json.dumps(json.loads(bytes_) | {"starts": None}, sort_keys=True).encode()
        found[str(path.relative_to(runs))] = hashlib.sha256(bytes_).hexdigest()
    return found
