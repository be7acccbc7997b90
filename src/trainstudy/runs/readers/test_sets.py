"""Which of a run's separate tests make one curve."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from trainstudy.runs.readers.start import Start
from trainstudy.runs.readers.test_results import folders_below_run

_NAMED = re.compile(r"test_results_(\w+)", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:^|_)(?:iter|\d+k?)(?=_|$)", re.IGNORECASE)  # checkpoints, timestamps
BEYOND = "iteration beyond the end of training"


def set_of(path: Path) -> str:
    """What ``test_results_NAME`` in the path of a test calls its images; empty without such."""
    for name in (path.stem, *folders_below_run(path)):
        if found := _NAMED.fullmatch(name):
            return _NUMBERS.sub("", found[1]).strip("_")
    return ""


def leave_out_beyond(tests: Iterable[Start], end: int) -> None:
    """Leave out tests of checkpoints that a training of ``end`` iterations cannot have saved."""
    for test in tests:
        if beyond := [found.iteration for found in test.tests if found.iteration > end]:
            test.leave_out(BEYOND, f"{max(beyond)}, max_iters {end}")


def keep_one_set(tests: Mapping[Path, Start]) -> None:
    """Of tests on several sets of images keep the set that covers most iterations, of equal ones
    the first by name: one curve must not lead from one set to another.
    """
    sets: dict[str, list[Start]] = {}
    for path, test in tests.items():
        if test.tests:
            sets.setdefault(set_of(path), []).append(test)
    order = sorted(sets, key=lambda name: (-_covered(sets[name]), name))
    for name in order[1:]:
        for test in sets[name]:
            test.leave_out(f"another set of tests ({name or 'unnamed'}): not mixed in")


def _covered(tests: list[Start]) -> int:
    return len({found.iteration for test in tests for found in test.tests})
