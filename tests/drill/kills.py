"""Faults that end the process: SIGKILL at a named moment, and at any."""

import json
import os
import signal
import time
from dataclasses import dataclass

from lives import begin, end
from moments import contradiction
from trial import Struck, Trial
from tripwire import Evidence, Moment, lay

from trainstudy.training.randomness import generator


@dataclass(frozen=True)
class Kill:
    """SIGKILL from within, at the n-th arrival at a moment in one life."""

    moment: Moment
    arrival: int = 1
    says: str | None = None

    def strike(self, trial: Trial) -> Struck:
        evidence = trial.aside / "evidence.json"
        evidence.unlink(missing_ok=True)
        code, output = trial.live(lambda: lay(self.moment, self.arrival, evidence))
        seen = evidence.read_text() if evidence.exists() else ""
        if code != -signal.SIGKILL or not seen:
            problem: str | None = f"did not come to arrival {self.arrival}: {code} {output[-300:]}"
        else:
            given = json.loads(seen)
            noted = Evidence(
                given["moment"], given["arrival"], tuple(given["paths"]), tuple(given["sizes"])
            )
            problem = contradiction(self.moment, noted, trial.runs)
        return Struck("SIGKILL", self.moment.name, problem, seen)


@dataclass(frozen=True)
class Stray:
    """SIGKILL from without, a drawn while after the log has got to ``lines`` lines.

    On a fast machine that may be after the last of the work: the process waits for it there.
    """

    seed: int
    lines: int
    says: str | None = None

    def strike(self, trial: Trial) -> Struck:
        pause = generator(self.seed, "stray").uniform(0, 0.1 if self.lines else 0.7)

        def work() -> None:
            trial.subject.train(trial.place)
            time.sleep(_WAIT)

        process = begin(trial.aside / "output.txt", work)
        while _lines(trial) < self.lines and os.waitid(os.P_PID, process, _LOOK) is None:
            time.sleep(0.002)
        time.sleep(pause)
        os.kill(process, signal.SIGKILL)
        code = end(process)
        problem = None if code == -signal.SIGKILL else f"had ended with {code} before"
        return Struck("SIGKILL", f"at any time, {trial.subject.name}", problem)


_WAIT = 60  # seconds: the kill comes within one
_LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT


def _lines(trial: Trial) -> int:
    return sum(log.read_bytes().count(b"\n") for log in trial.runs.glob("*/metrics.jsonl"))
