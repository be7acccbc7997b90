"""Cases tried side by side, each in a process and a folder of its own."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from cases import STOPPED, Case
from failures import own_disk
from lives import begin
from subjects import ALONE, BRANCH, TRUNK, Subject
from tqdm import tqdm
from trial import Struck, Trial, content


@dataclass(frozen=True)
class Result:
    """The faults that a case met, and how its end differs from that of a run that met none."""

    case: int
    subject: str
    struck: list[Struck]
    difference: str


class Drill:
    """Works below ``folder``. Raises RuntimeError where a training fails without any fault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cache  # noqa: B019 (one drill a process)
    def reference(self, subject: Subject) -> Path:
        """The folder of runs of a subject that met no fault."""
        trial = self._trial(subject.name, subject)
        code, output = trial.live()
        if code:
            raise RuntimeError(f"{subject.name}: {output}")
        return trial.runs

    @cache  # noqa: B019
    def _stopped(self) -> Path:
        """The same of ALONE, stopped in the middle."""
        trial = self._trial("stopped", ALONE)
        if problem := STOPPED.strike(trial).problem:
            raise RuntimeError(f"no run to begin with: {problem}")
        return trial.runs

    def _trial(self, name: str, subject: Subject, begin: str = "new") -> Trial:
        trial = Trial(subject, self.folder / name / "place", self.folder / name)
        trial.runs.mkdir(parents=True)
        if begin != "new":
            source = self._stopped() if begin == "stopped" else self.reference(subject)
            shutil.copytree(source, trial.runs, dirs_exist_ok=True)
        if subject is BRANCH:
            shutil.copytree(self.reference(TRUNK), trial.place / "trunk")
        return trial

    def run(self, cases: Sequence[Case], jobs: int) -> list[Result | None]:
        """Try every case, ``jobs`` at once; their results in order.

        None for a case that wants a disk of its own where the kernel gives none.
        """
        self._stopped()  # before the processes that copy it
        waiting, running = list(enumerate(cases)), dict[int, int]()
        results: dict[int, Result | None] = {}
        with tqdm(total=len(cases), desc="drill", unit="case") as progress:
            while waiting or running:
                while waiting and len(running) < jobs:
                    number, case = waiting.pop(0)
                    running[self._start(number, case)] = number
                process, status = os.wait()
                number = running.pop(process)
                results[number] = self._result(number, cases[number], status)
                progress.update()
        return [results[number] for number in sorted(results)]

    def _start(self, number: int, case: Case) -> int:
        aside = self.folder / f"case_{number}"
        aside.mkdir()

        def attempt() -> None:
            if case.own_disk:
                (aside / "place").mkdir()
                own_disk(aside / "place")  # goes with this process
            (aside / "begun").touch()
            trial = self._trial(aside.name, case.subject, case.begin)
            struck, difference = trial.run(case.faults, content(self.reference(case.subject)))
            found = [[asdict(one) for one in struck], difference]
            (aside / "result.json").write_text(json.dumps(found))

        return begin(aside / "drill.txt", attempt)

    def _result(self, number: int, case: Case, status: int) -> Result | None:
        aside = self.folder / f"case_{number}"
        if status and case.own_disk and not (aside / "begun").exists():
            return None
        if status:
            raise RuntimeError(f"case {number}: {(aside / 'drill.txt').read_text()}")
        struck, difference = json.loads((aside / "result.json").read_text())
        shutil.rmtree(aside)
        return Result(number, case.subject.name, [Struck(**one) for one in struck], difference)
