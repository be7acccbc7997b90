"""The crash drill: what a training promises, kept under SIGKILL, full disks and damage.

usage: python tests/drill [--reduced] [--jobs N] [--json PATH]
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")  # before torch

from cases import cases
from drill import Drill, Result
from subjects import ALONE, SUBJECTS, warm_up


def report(results: Sequence[Result | None]) -> bool:
    """Print what was met and what became of it; whether all was recovered.

    None stands for a case that wanted a disk of its own where the kernel gives none.
    """
    met: Counter[tuple[str, str]] = Counter()
    recovered: Counter[tuple[str, str]] = Counter()
    for result in filter(None, results):
        for one in result.struck:
            met[one.kind, one.name] += 1
            recovered[one.kind, one.name] += not one.problem and not result.difference
        problems = [f"{one.name}: {one.problem}" for one in result.struck if one.problem]
        if problems or result.difference:
            print(
                f"case {result.case}, {result.subject}:", *problems, result.difference, sep="\n  "
            )
    width = max(len(name) for _, name in met)
    for kind in dict.fromkeys(kind for kind, _ in met):
        print(f"\n{kind:{width + 2}}{'faults':>8}{'recovered':>11}")
        for (of, name), count in sorted(met.items()):
            if of == kind:
                print(f"  {name:{width}}{count:>8}{recovered[of, name]:>11}")
    if left_out := results.count(None):
        print(f"\n{left_out} cases left out: no disk of one's own can be mounted here")
    print(f"\n{met.total()} faults, {recovered.total()} recovered bit-equal")
    return met == recovered


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python tests/drill")
    parser.add_argument("--reduced", action="store_true", help="every kind of fault, few of each")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="trials at once")
    parser.add_argument("--json", type=Path, help="write every fault and its evidence")
    given = parser.parse_args(arguments)
    warm_up()
    with tempfile.TemporaryDirectory(prefix="drill_") as folder:
        drill = Drill(Path(folder))
        chosen = list(cases(drill.reference(ALONE), reduced=given.reduced))
        for subject in SUBJECTS:
            if any(case.subject is subject for case in chosen):
                drill.reference(subject)
        results = drill.run(chosen, given.jobs)
    sound = report(results)
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in results if one], indent=1))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
